"""Why a score deserves less trust than others, though there is one."""

import collections
from collections.abc import Iterable, Sequence
from typing import Final, Literal, cast, get_args

from components import features
from components.video_decoding.clip import DecodeNote

Caution = Literal[
    "few_frames",
    "small_picture",
    "truncated",
    "hdr_as_sdr",
    "pixel_aspect_ignored",
    "clean_aperture_ignored",
    "several_video_streams",
    "other_sampling",
    "no_face",
]
"""The closed vocabulary; those of the decoding, `DecodeNote`, are in it as they are."""

CAUTIONS: Final[tuple[Caution, ...]] = get_args(Caution)

ENOUGH_FRAMES: Final = features.FRAMES // 4
"""A quarter of what the model takes, and as many as a damaged video must have left by default."""

ENOUGH_PIXELS: Final = 64
"""Side of a square that is enlarged to the encoder's 224 pixels by 3.5: a choice, no limit that was measured."""

CAUTION_IN_WORDS: Final[dict[Caution, str]] = {
    "few_frames": f"fewer than {ENOUGH_FRAMES} frames were looked at, where the model takes {features.FRAMES}",
    "small_picture": f"what was looked at is smaller than {ENOUGH_PIXELS} pixels, and was enlarged",
    "truncated": "parts of the video are missing or damaged",
    "hdr_as_sdr": "high dynamic range was read as standard range, so the colours are not what a player shows",
    "pixel_aspect_ignored": "pixels that are not square were taken for square, so the picture is stretched",
    "clean_aperture_ignored": "edges that a player cuts off were looked at",
    "several_video_streams": "of several video streams, one was looked at",
    "other_sampling": "frames were sampled otherwise than the model's, as the video tells no keyframes",
    "no_face": "no face was found, and the centre of the picture was looked at",
}


def cautions(
    *,
    frames: int,
    truncated: bool = False,
    face_status: str = "",
    color: str = "",
    sampled_as: str = "",
    sampling: str = "",
    crop_side: int = 0,
    notes: Sequence[str] = (),
) -> list[Caution]:
    """Gives what is to be said, in the order of the vocabulary; what is not known gives none.

    Args:
        frames: how many were looked at.
        truncated: whether parts of the video are missing or damaged.
        face_status: what the crop found.
        color: what became of the colours.
        sampled_as: the sampling that was used.
        sampling: that of the model's training.
        crop_side: pixels of the square before it was resized.
        notes: a `DecodeNote` each.
    """
    found: dict[Caution, bool] = {
        "few_frames": frames < ENOUGH_FRAMES,
        "small_picture": 0 < crop_side < ENOUGH_PIXELS,
        "truncated": truncated,
        "hdr_as_sdr": color == "hdr_as_sdr",
        "other_sampling": bool(sampled_as and sampling) and sampled_as != sampling,
        "no_face": face_status == "none",
    }
    noted = {cast(DecodeNote, note) for note in notes}
    return [caution for caution in CAUTIONS if caution in noted or found.get(caution)]


def count_cautions(rows: Iterable[Sequence[Caution]]) -> dict[Caution, int]:
    """How many rows have each of those that there are, in the order of the vocabulary."""
    counts = collections.Counter(caution for row in rows for caution in row)
    return {caution: counts[caution] for caution in CAUTIONS if counts[caution]}
