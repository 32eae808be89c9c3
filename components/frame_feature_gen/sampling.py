"""Which frames of a video are looked at."""

from collections.abc import Sequence
from typing import Literal, get_args

Sampling = Literal["uniform", "first"]
SAMPLINGS = get_args(Sampling)


def sample_positions(sampling: Sampling, frame_count: int, frames: int) -> Sequence[int]:
    """Gives the positions, ascending and distinct, of the frames to take.

    Args:
        sampling: `uniform` takes the middle of each of `frames` equal stretches of the video, `first` the
            first frames, as the notebook did.
        frame_count: frames in the video, not negative.
        frames: how many to take at most, positive.

    Returns:
        min(frame_count, frames) positions in [0, frame_count).
    """
    if sampling == "first" or frame_count <= frames:
        return range(min(frame_count, frames))
    return [(2 * index + 1) * frame_count // (2 * frames) for index in range(frames)]
