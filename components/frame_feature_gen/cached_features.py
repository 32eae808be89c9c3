"""What is cached for one clip, and its form in a file."""

import dataclasses
import io
from typing import Any, Final

import numpy as np


@dataclasses.dataclass(frozen=True)
class CachedFeatures:
    """What is cached for one clip: the frames of one window of a video, of one face or of the centre square.

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
        window_start_s: where the window starts.
        window_end_s: where it ends.
        video_end_s: where the video ends.
        face_track: the number of the face in its window, from 1 on, the largest first; 0 for the centre square, and if
            faces are not tracked.
        face_boxes: float32 [n, 4], the face's left, top, right and bottom in shares of the shown frame; else zeros.
        clips: how many the video has.
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
    window_start_s: float = 0.0
    window_end_s: float = 0.0
    video_end_s: float = 0.0
    face_track: int = 0
    face_boxes: np.ndarray = dataclasses.field(default_factory=lambda: np.zeros((0, 4), np.float32))
    clips: int = 1


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
    "window_start_s": ("f", 0),
    "window_end_s": ("f", 0),
    "video_end_s": ("f", 0),
    "face_track": ("iu", 0),
    "face_boxes": ("f", 2),
    "clips": ("iu", 0),
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
        window_start_s=float(found["window_start_s"]),
        window_end_s=float(found["window_end_s"]),
        video_end_s=float(found["video_end_s"]),
        face_track=int(found["face_track"]),
        face_boxes=found["face_boxes"],
        clips=int(found["clips"]),
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
