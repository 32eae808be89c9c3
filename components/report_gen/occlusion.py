"""Occlusion maps: which parts of the frames drive the verdict, found by covering one grid cell after the other."""

import dataclasses
import itertools
from typing import Any, Final

import numpy as np
import tensorflow as tf

from components import features
from components.loadable_folder import loadable_folder
from components.video_decoding.clip import Clip, pad_frames

GRID: Final = 5
_GREY = 128
_CLIPS_A_CALL = 2


@dataclasses.dataclass(frozen=True)
class Occlusion:
    """The effect of covering each grid cell.

    Attributes:
        probability: of FAKE with nothing covered.
        covered: float32 [GRID, GRID], the probability with that cell covered in all frames.
        edges: the cell boundaries, in pixels.
    """

    probability: float
    covered: np.ndarray
    edges: tuple[int, ...]

    @property
    def drops(self) -> np.ndarray:
        """How much covering each cell lowers the probability, which is its contribution to the verdict FAKE."""
        return self.probability - self.covered


def load_frames_signature(model_path: str) -> Any:
    """Returns the served model's `serve_frames` as a function that keeps the model alive."""
    model = tf.saved_model.load(loadable_folder(model_path))

    def serve(frames: np.ndarray, mask: np.ndarray) -> np.ndarray:
        served = model.signatures["serve_frames"](frames=tf.constant(frames), frame_mask=tf.constant(mask))
        return served[features.PROBABILITY_FAKE].numpy()[:, 0]

    return serve


def occlude(serve: Any, clip: Clip, length: int) -> Occlusion:
    """Slides a grey patch over a grid, covering the same cell in all frames of the clip (Zeiler and Fergus 2014).

    Args:
        serve: maps frames uint8 [B, T, size, size, 3] and mask int64 [B, T] to probabilities [B].
        clip: the sampled frames.
        length: how many frames the model takes, T.
    """
    frames = pad_frames(clip.frames, length)
    mask = (np.arange(length) < len(clip.frames)).astype(np.int64)
    edges = np.linspace(0, frames.shape[1], GRID + 1).round().astype(int)
    variants = [frames]
    for top, bottom in itertools.pairwise(edges):
        for left, right in itertools.pairwise(edges):
            covered = frames.copy()
            covered[:, top:bottom, left:right] = _GREY
            variants.append(covered)
    # A fixed number of clips per call, so that the model is compiled for one shape.
    variants += [frames] * (-len(variants) % _CLIPS_A_CALL)
    probabilities = np.concatenate(
        [
            serve(np.stack(variants[start : start + _CLIPS_A_CALL]), np.tile(mask, (_CLIPS_A_CALL, 1)))
            for start in range(0, len(variants), _CLIPS_A_CALL)
        ]
    )
    grid = probabilities[1 : 1 + GRID * GRID].reshape(GRID, GRID)
    return Occlusion(float(probabilities[0]), grid, tuple(edges.tolist()))
