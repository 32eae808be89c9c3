"""A pushed model, loaded."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import tensorflow as tf

from components.errors import UserError
from components.loadable_folder import loadable_folder
from components.served_model.description import read_model_description
from components.served_model.encoder import ENCODE
from components.served_model.scored import Scored, scored_videos
from components.served_model.version_files import find_listed_damage

_SERVE: Final = "serving_default"
_SERVE_FEATURES: Final = "serve_features"
_SERVE_FRAMES: Final = "serve_frames"
_BATCH: Final = 64


class ServedModel:
    """The loaded SavedModel of a model folder."""

    def __init__(self, path: str) -> None:
        """Loads the SavedModel at `path`.

        Raises:
            UserError: if it is damaged, lacks a required signature, or is not the one that its description is of.
        """
        folder = loadable_folder(path)
        # A changed weight loads as well as any other.
        if damage := find_listed_damage(folder, content=None):
            raise UserError(f"{path}: {damage}; copy the whole folder anew")
        try:
            self._loaded = tf.saved_model.load(folder)
        # TensorFlow does not document which exceptions a damaged file raises.
        except Exception as error:
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise UserError(
                f"{path}: the model cannot be loaded ({reason[:200]}); copy the whole folder anew"
            ) from error
        for name in (_SERVE, ENCODE, _SERVE_FRAMES):
            if name not in self._loaded.signatures:
                raise UserError(f"{path}: the model has no signature {name}; run the pipeline again for one that has")
        description = read_model_description(folder)
        described = (description.frames, description.frame_size)
        _, frames, frame_size, *_ = self._loaded.signatures[_SERVE_FRAMES].structured_input_signature[1]["frames"].shape
        if described != (frames, frame_size):
            raise UserError(
                f"{path}: its model.json tells of {described[0]} frames of {described[1]} pixels, and the model takes "
                f"{frames} of {frame_size}; copy the whole folder anew"
            )

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """Encodes frames uint8 [N, S, S, 3] RGB as features float32 [N, D]."""
        return getattr(self._loaded, ENCODE)(tf.constant(frames, tf.uint8)).numpy()

    def score_features(self, frame_features: np.ndarray, frame_mask: np.ndarray) -> list[Scored]:
        """Scores features float32 [B, T, D] with mask int64 [B, T]; returns the same as `score`."""
        serve = self._loaded.signatures[_SERVE_FEATURES]
        return scored_videos(serve(frame_features=tf.constant(frame_features), frame_mask=tf.constant(frame_mask)))

    def score(self, examples: Sequence[bytes]) -> list[Scored]:
        """Scores any number of serialized frame-feature examples."""
        serve = self._loaded.signatures[_SERVE]
        batches = (examples[start : start + _BATCH] for start in range(0, len(examples), _BATCH))
        return [scored for batch in batches for scored in scored_videos(serve(tf.constant(list(batch))))]
