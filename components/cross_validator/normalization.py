"""The features' normalization, fitted on a fold's training videos alone."""

from typing import Literal

import numpy as np
import pydantic

# As in Transform, whose own statistics know the train split, and with it videos that a fold holds out.
_EPSILON = 1e-6
# Columns at a time, since float64 takes twice the memory.
_COLUMNS = 128


class Normalization(pydantic.BaseModel):
    """The section `transform` of the config."""

    normalization: Literal["zscore", "none"]
    clip: float


def normalize(frame_features: np.ndarray, mask: np.ndarray, train: np.ndarray, settings: Normalization) -> np.ndarray:
    """Returns what Transform would, had it seen only the videos in `train`; float32 [N, T, D], zero where masked.

    Args:
        frame_features: float32 [N, T, D], from the encoder.
        mask: bool [N, T].
        train: indices.
        settings: of Transform.
    """
    if settings.normalization == "none":
        return np.where(mask[:, :, None], frame_features, np.float32(0))
    normalized = np.empty_like(frame_features)
    for start in range(0, frame_features.shape[2], _COLUMNS):
        part = slice(start, start + _COLUMNS)
        seen = frame_features[train, :, part][mask[train]].astype(np.float64)
        mean, deviation = seen.mean(axis=0).astype(np.float32), seen.std(axis=0).astype(np.float32)
        scores = (frame_features[:, :, part] - mean) / (deviation + np.float32(_EPSILON))
        normalized[:, :, part] = np.where(mask[:, :, None], np.clip(scores, -settings.clip, settings.clip), 0)
    return normalized
