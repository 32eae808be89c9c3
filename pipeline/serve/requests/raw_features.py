"""Parses and validates features that a caller has computed."""

import json
from typing import Any, Final

import numpy as np

from pipeline.serve.requests.uploads import UploadError

# Python's parser holds the GIL, and takes half a second for a million empty lists.
_MAX_BRACKETS: Final = 1000


def features_schema(frames: int, feature_size: int) -> dict[str, Any]:
    """Returns the JSON schema of a body for a model that takes T frames of D features."""
    frame = {"type": "array", "minItems": feature_size, "maxItems": feature_size, "items": {"type": "number"}}
    return {
        "type": "object",
        "required": ["frame_features"],
        "properties": {
            "frame_features": {
                "type": "array",
                "description": "the encoder's features of each frame, in the order of time",
                "minItems": 1,
                "maxItems": frames,
                "items": frame,
            },
            "frame_mask": {
                "type": "array",
                "description": "1 for a frame, 0 for padding after the last one; all ones if it is left out",
                "items": {"enum": [0, 1, False, True]},
            },
        },
    }


def parse_features(body: bytes, frames: int, feature_size: int) -> np.ndarray:
    """Returns the features of the valid frames, float32 [N, D], 1 <= N <= T.

    Args:
        body: JSON, see `features_schema`.
        frames: T.
        feature_size: D.

    Raises:
        UploadError: 400 if the body is invalid.
    """
    content = _parse_json(body)
    if not isinstance(content, dict) or "frame_features" not in content:
        raise UploadError(400, "the body has no frame_features; see /openapi.json")
    frame_features = _matrix(content["frame_features"])
    if frame_features.shape[1:] != (feature_size,) or not 1 <= len(frame_features) <= frames:
        told = "x".join(map(str, frame_features.shape))
        raise UploadError(400, f"frame_features: {told}; allowed are 1 to {frames} frames of {feature_size} features")
    if not np.isfinite(frame_features).all():
        raise UploadError(400, "frame_features: not all of them are finite")
    return frame_features[: _valid(content.get("frame_mask"), len(frame_features))]


def _parse_json(body: bytes) -> Any:
    if body.count(b"[") + body.count(b"{") > _MAX_BRACKETS:
        raise UploadError(400, f"the body has more than {_MAX_BRACKETS} arrays and objects; see /openapi.json")
    try:
        # As floats, since huge integers become infinite instead of failing later.
        return json.loads(body, parse_int=float, object_pairs_hook=_without_repetition)
    except ValueError as error:
        raise UploadError(400, f"the body is not JSON: {error}") from error
    except RecursionError as error:
        raise UploadError(400, "the body is nested too deeply; see /openapi.json") from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise UploadError(400, "the body has a key twice; see /openapi.json")
    return content


def _matrix(rows: object) -> np.ndarray:
    """Converts a list of equally long lists of numbers to float32 [N, M], and an empty list to [0]."""
    # NumPy would also convert strings and booleans to numbers.
    if (
        not isinstance(rows, list)
        or not all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows)
        or not all(type(value) is float for row in rows for value in row)
    ):
        raise UploadError(400, "frame_features: not an array of equally long arrays of numbers")
    with np.errstate(over="ignore"):
        return np.asarray(rows, np.float32)


def _valid(mask: object, frames: int) -> int:
    if mask is None:
        return frames
    if not isinstance(mask, list) or len(mask) != frames or any(value not in (0, 1) for value in mask):
        raise UploadError(400, f"frame_mask: give {frames} values of 0 or 1, one for each frame")
    count = mask.count(1)
    if not count or mask != [1] * count + [0] * (frames - count):
        raise UploadError(400, "frame_mask: give at least one 1, and all of them before the zeros")
    return count
