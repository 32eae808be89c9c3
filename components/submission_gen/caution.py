"""Why a score is less reliable than others."""

import collections
from collections.abc import Iterable, Sequence
from typing import Final, Literal, cast, get_args

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
    "parts_not_looked_at",
    "few_real_clips",
]
"""The closed vocabulary; includes the values of `DecodeNote`."""

CAUTIONS: Final[tuple[Caution, ...]] = get_args(Caution)

_FEW: Final = 0.25
"""Of the model's frames; so many are also the default minimum of a damaged video."""

MIN_PIXELS: Final = 64
"""Side of a square that is upscaled by 3.5 to the encoder's 224 pixels; chosen, not measured."""

CAUTION_IN_WORDS: Final[dict[Caution, str]] = {
    "few_frames": "fewer than a quarter of the frames that the model takes were looked at",
    "small_picture": f"what was looked at is smaller than {MIN_PIXELS} pixels, and was enlarged",
    "truncated": "parts of the video are missing or damaged",
    "hdr_as_sdr": "high dynamic range was read as standard range, so the colours are not what a player shows",
    "pixel_aspect_ignored": "pixels that are not square were taken for square, so the picture is stretched",
    "clean_aperture_ignored": "edges that a player cuts off were looked at",
    "several_video_streams": "of several video streams, one was looked at",
    "other_sampling": "frames were sampled otherwise than the model's, as the video tells no keyframes",
    "no_face": "no face was found, and the centre of the picture was looked at",
    "parts_not_looked_at": "parts of the video were not looked at",
    "few_real_clips": "it has more clips than the model has real ones to tell by how high the highest score gets, so "
    "it counts as real too easily",
}


def cautions(
    *,
    frames: int,
    model_frames: int,
    truncated: bool = False,
    face_status: str = "",
    color: str = "",
    sampled_as: str = "",
    sampling: str = "",
    crop_side: int = 0,
    notes: Sequence[str] = (),
    parts_left_out: bool = False,
    clips: int = 1,
    real_clips: int | None = None,
) -> list[Caution]:
    """Returns the cautions that apply, in the order of the vocabulary; unknown facts cause none.

    Args:
        frames: number of frames that the model scored, of the clip that weighs most.
        model_frames: number of frames that the model takes.
        truncated: whether parts of the video are missing or damaged.
        face_status: the result of the face crop.
        color: how the colours were converted.
        sampled_as: the sampling that was used.
        sampling: the sampling in the model's training.
        crop_side: side of the cropped square in pixels, before resizing.
        notes: `DecodeNote` values.
        parts_left_out: whether parts of the video were not looked at.
        clips: how many it has.
        real_clips: by how many of real videos it is told how high their highest score gets; None if that plays no part.
    """
    found: dict[Caution, bool] = {
        "few_frames": frames < _FEW * model_frames,
        "small_picture": 0 < crop_side < MIN_PIXELS,
        "truncated": truncated,
        "hdr_as_sdr": color == "hdr_as_sdr",
        "other_sampling": bool(sampled_as and sampling) and sampled_as != sampling,
        "no_face": face_status == "none",
        "parts_not_looked_at": parts_left_out,
        "few_real_clips": real_clips is not None and clips > max(real_clips, 1),
    }
    noted = {cast(DecodeNote, note) for note in notes}
    return [caution for caution in CAUTIONS if caution in noted or found.get(caution)]


def count_cautions(rows: Iterable[Sequence[Caution]]) -> dict[Caution, int]:
    """Counts the rows with each caution that occurs, in the order of the vocabulary."""
    counts = collections.Counter(caution for row in rows for caution in row)
    return {caution: counts[caution] for caution in CAUTIONS if counts[caution]}
