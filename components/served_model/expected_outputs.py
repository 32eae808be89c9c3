"""The expected outputs of the served model for some videos: computed before the export, and stored next to it."""

import contextlib
import dataclasses
import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
import tensorflow_transform as tft

from components import features, storage
from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, SERVED_OUTPUTS, VIDEO_ID_XF
from components.served_model.description import Description
from components.served_model.encoder import load_tensorflow
from components.whole_files import write_whole

CLIPS: Final = 2
"""Random noise, for the signature that takes pixels."""

VARIANTS: Final = ("as it is", "one frame", "all frames")
"""Of each video: unchanged, with its first frame only, and with its frames repeated to the full length."""

_FILE: Final = "expected_outputs.npz"
_SEED: Final = 0


@dataclasses.dataclass(frozen=True)
class ExpectedOutputs:
    """The outputs of the trained model, computed with Keras and Transform.

    Attributes:
        threshold: at or above which it calls a video FAKE.
        model_digest: of `model.json`.
        video_ids: of eval videos, K of them.
        transformed: float32 [k, T, D], the transformed features of the first few.
        variants: by name of `VARIANTS`, the outputs of the serving signatures for the K videos.
        clips: the same for the clips of `random_clips`.
    """

    threshold: float
    model_digest: str
    video_ids: list[str]
    transformed: np.ndarray
    variants: dict[str, dict[str, np.ndarray]]
    clips: dict[str, np.ndarray]


def make_variant(frame_features: np.ndarray, frame_mask: np.ndarray, variant: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns features [K, T, D], raw or transformed, and mask [K, T] of one of the `VARIANTS` of the videos."""
    if variant == VARIANTS[0]:
        return frame_features, frame_mask
    if variant == VARIANTS[1]:
        mask = np.zeros_like(frame_mask)
        mask[:, 0] = 1
        return frame_features * mask[:, :, None].astype(frame_features.dtype), mask
    counts = frame_mask.astype(np.int64).sum(axis=1)
    repeated = np.arange(frame_mask.shape[1])[None] % counts[:, None]
    return np.take_along_axis(frame_features, repeated[:, :, None], axis=1), np.ones_like(frame_mask)


def random_clips(frames: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws frames uint8 [CLIPS, T, S, S, 3] and mask int64 [CLIPS, T]: a full clip and one of a single frame.

    Args:
        frames: T.
        size: height and width of a frame in pixels, S.
    """
    drawn = np.random.default_rng(_SEED).integers(0, 256, (CLIPS, frames, size, size, 3), np.uint8)
    mask = np.ones((CLIPS, frames), np.int64)
    mask[1:, 1:] = 0
    return drawn, mask


def write_expected_outputs(
    model_folder: str,
    model: keras.Model,
    videos: Mapping[str, np.ndarray],
    *,
    transform_output: tft.TFTransformOutput,
    encoder_path: str,
    description: Description,
) -> None:
    """Writes the outputs of `model`, the calibrated one.

    Args:
        model_folder: the folder that holds the exported model's folder.
        model: in memory, not the exported one.
        videos: the first `SAMPLE` transformed examples of the eval split, or fewer: ids [K], features [K, T, D] and
            mask int64 [K, T].
        transform_output: of Transform.
        encoder_path: of the encoder that is part of the served model.
        description: the model's `model.json`.
    """
    frame_features, mask = videos[FRAME_FEATURES_XF], videos[FRAME_MASK_XF]
    arrays: dict[str, Any] = {
        "threshold": np.asarray(description.threshold, np.float64),
        "model_digest": np.asarray(description.model_digest),
        "video_ids": np.asarray([video_id.decode() for video_id in videos[VIDEO_ID_XF].ravel()]),
        "transformed": frame_features[:CLIPS],
    }
    with _full_precision():
        for variant in VARIANTS:
            arrays |= _named(variant, _predict(model, *make_variant(frame_features, mask, variant)))
        frames, clip_mask = random_clips(description.frames, description.frame_size)
        encoded = load_tensorflow(encoder_path)(frames.reshape(-1, *frames.shape[2:]))
        encoded = encoded.reshape(CLIPS, description.frames, -1)
        flat = (encoded * clip_mask[:, :, None]).astype(np.float32).reshape(CLIPS, -1)
        raw = {features.FRAME_FEATURES: tf.constant(flat), features.FRAME_MASK: tf.constant(clip_mask)}
        transformed = transform_output.transform_features_layer()(raw)
        arrays |= _named("clips", _predict(model, transformed[FRAME_FEATURES_XF].numpy(), clip_mask))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    write_whole(os.path.join(model_folder, _FILE), buffer.getvalue())


def read_expected_outputs(model_folder: str) -> ExpectedOutputs:
    """Reads what `write_expected_outputs` wrote.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    arrays = np.load(io.BytesIO(storage.read_bytes(os.path.join(model_folder, _FILE))))

    def outputs(name: str) -> dict[str, np.ndarray]:
        # A Trainer of an earlier version wrote fewer.
        return {output: arrays[f"{name}/{output}"] for output in SERVED_OUTPUTS if f"{name}/{output}" in arrays}

    return ExpectedOutputs(
        threshold=float(arrays["threshold"]),
        model_digest=str(arrays["model_digest"]),
        video_ids=[str(video_id) for video_id in arrays["video_ids"]],
        transformed=arrays["transformed"],
        variants={variant: outputs(variant) for variant in VARIANTS},
        clips=outputs("clips"),
    )


@contextlib.contextmanager
def _full_precision() -> Iterator[None]:
    # A GPU would multiply matrices in TF32, with a 10-bit mantissa, and another machine may serve with more.
    enabled = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(enabled)


def _predict(model: keras.Model, frame_features: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    return model.predict_on_batch({FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: mask.astype(bool)})


def _named(name: str, outputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}/{output}": values for output, values in outputs.items()}
