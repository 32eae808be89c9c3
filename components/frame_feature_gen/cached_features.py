"""What is cached for one video, and its form in a file."""

import dataclasses
import io
from typing import Any, Final

import numpy as np


@dataclasses.dataclass(frozen=True)
class CachedFeatures:
    """What is cached for one video.

    Attributes:
        features: float32 [n, D], of the sampled frames.
        timestamps_s: float32 [n].
        face_status: the result of the face crop.
        good_frames: how many frames of the video were decoded intact.
        truncated: whether parts of the video are missing or damaged.
        color: how the colours were converted.
        sampled_as: the sampling that was used.
        crop_side: side of the cropped square in pixels, before resizing.
        notes: where the frames differ from what a player shows.
    """

    features: np.ndarray
    timestamps_s: np.ndarray
    face_status: str
    good_frames: int
    truncated: bool
    color: str = "sdr"
    sampled_as: str = "uniform"
    crop_side: int = 0
    notes: tuple[str, ...] = ()


# By field: the kinds of dtype that its array may have, and its number of dimensions.
_FORMS: Final = {
    "face_status": ("U", 0),
    "good_frames": ("iu", 0),
    "truncated": ("b", 0),
    "color": ("U", 0),
    "sampled_as": ("U", 0),
    "crop_side": ("iu", 0),
    # No notes are an empty array of floats.
    "notes": ("Uf", 1),
}


def to_bytes(entry: CachedFeatures) -> bytes:
    """Returns the content of a file."""
    buffer = io.BytesIO()
    np.savez(buffer, **dataclasses.asdict(entry))
    return buffer.getvalue()


def from_bytes(content: bytes) -> CachedFeatures:
    """Reads what `to_bytes` returned.

    Raises:
        ValueError: if it is anything else.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            found = {field.name: arrays[field.name] for field in dataclasses.fields(CachedFeatures)}
    except Exception as error:
        # NumPy and zipfile raise whatever comes first of any bytes: EOFError, KeyError, BadZipFile, zlib.error ...
        raise ValueError(f"not an entry: {error}") from error
    _require_forms(found)
    return CachedFeatures(
        features=found["features"],
        timestamps_s=found["timestamps_s"],
        face_status=str(found["face_status"]),
        good_frames=int(found["good_frames"]),
        truncated=bool(found["truncated"]),
        color=str(found["color"]),
        sampled_as=str(found["sampled_as"]),
        crop_side=int(found["crop_side"]),
        notes=tuple(map(str, found["notes"])),
    )


def _require_forms(found: dict[str, Any]) -> None:
    features, timestamps = found["features"], found["timestamps_s"]
    if features.dtype != np.float32 or features.ndim != 2 or not features.size:
        raise ValueError(f"features: {features.dtype} {list(features.shape)} instead of float32 [n, D]")
    if timestamps.dtype != np.float32 or timestamps.shape != features.shape[:1]:
        raise ValueError(f"timestamps_s: {timestamps.dtype} {list(timestamps.shape)} instead of float32 [n]")
    for name, (kinds, dimensions) in _FORMS.items():
        if found[name].dtype.kind not in kinds or found[name].ndim != dimensions:
            raise ValueError(f"{name}: {found[name].dtype} {list(found[name].shape)}")
    if found["notes"].dtype.kind == "f" and found["notes"].size:
        raise ValueError("notes: not text")
