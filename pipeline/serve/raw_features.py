"""Features that a caller has computed, checked."""

import json

import numpy as np

from components.features import FEATURE_SIZE, FRAMES
from pipeline.serve.uploads import UploadError

SCHEMA = {
    "type": "object",
    "required": ["frame_features"],
    "properties": {
        "frame_features": {
            "type": "array",
            "description": "the encoder's features of each frame, in the order of time",
            "minItems": 1,
            "maxItems": FRAMES,
            "items": {"type": "array", "minItems": FEATURE_SIZE, "maxItems": FEATURE_SIZE, "items": {"type": "number"}},
        },
        "frame_mask": {
            "type": "array",
            "description": "1 for a frame, 0 for padding after the last one; all ones if it is left out",
            "items": {"enum": [0, 1]},
        },
    },
}


def parse_features(body: bytes) -> np.ndarray:
    """Gives the valid frames' features, float32 [N, D], 1 <= N <= T.

    Raises:
        UploadError: 400, if the body is anything else.
    """
    try:
        content = json.loads(body)
    except ValueError as error:
        raise UploadError(400, f"the body is not JSON: {error}") from error
    if not isinstance(content, dict) or "frame_features" not in content:
        raise UploadError(400, "the body has no frame_features; see /openapi.json")
    try:
        frame_features = np.asarray(content["frame_features"], np.float32)
    except (TypeError, ValueError) as error:
        raise UploadError(400, "frame_features: not an array of equally long arrays of numbers") from error
    if frame_features.ndim != 2 or frame_features.shape[1] != FEATURE_SIZE or not 1 <= len(frame_features) <= FRAMES:
        told = "x".join(map(str, frame_features.shape))
        raise UploadError(400, f"frame_features: {told}; allowed are 1 to {FRAMES} frames of {FEATURE_SIZE} features")
    if not np.isfinite(frame_features).all():
        raise UploadError(400, "frame_features: not all of them are finite")
    return frame_features[: _valid(content.get("frame_mask"), len(frame_features))]


def _valid(mask: object, frames: int) -> int:
    if mask is None:
        return frames
    if not isinstance(mask, list) or len(mask) != frames or any(value not in (0, 1) for value in mask):
        raise UploadError(400, f"frame_mask: give {frames} values of 0 or 1, one for each frame")
    count = sum(mask)
    if not count or mask != [1] * count + [0] * (frames - count):
        raise UploadError(400, "frame_mask: give at least one 1, and all of them before the zeros")
    return count
