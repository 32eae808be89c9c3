"""Chooses the frames of a video to use."""

from collections.abc import Sequence
from typing import Final, Literal, get_args

Sampling = Literal["uniform", "first", "bursts", "keyframes"]
SAMPLINGS: Final = get_args(Sampling)
BURSTS: Final = 4
"""Number of runs of consecutive frames that `bursts` takes."""


def sample_positions(
    sampling: Sampling, frame_count: int, frames: int, keyframes: Sequence[int] | None = None
) -> Sequence[int]:
    """Returns the positions of the frames to take, ascending and distinct.

    Args:
        sampling: `uniform` takes the middle of each of `frames` equal segments of the video; `first` the first
            frames, as the notebook did; `bursts` consecutive frames from the middle of each of `BURSTS`
            segments, for models that compare neighbours; `keyframes` the keyframe nearest to each position of
            `uniform`, which are fewer frames if keyframes are far apart.
        frame_count: frames in the video, not negative.
        frames: the most frames to take, positive.
        keyframes: positions of the keyframes, ascending; without them, `keyframes` falls back to `uniform`.

    Returns:
        min(frame_count, frames) positions in [0, frame_count); possibly fewer with `keyframes`.
    """
    if sampling == "keyframes" and keyframes:
        wanted = sample_positions("uniform", frame_count, frames)
        return sorted({min(keyframes, key=lambda keyframe: abs(keyframe - position)) for position in wanted})
    if sampling == "first" or frame_count <= frames:
        return range(min(frame_count, frames))
    if sampling == "bursts":
        return [position for run in range(BURSTS) for position in _burst(run, frame_count, frames)]
    return [(2 * index + 1) * frame_count // (2 * frames) for index in range(frames)]


def at_frame_rate(positions: Sequence[int], frame_rate: float) -> Sequence[int]:
    """Returns where in a video those frames are that have these positions once only a share of its frames is left.

    Args:
        positions: ascending, below the share times the number of frames, rounded up.
        frame_rate: the share, above 0 and at most 1.
    """
    return [int(position / frame_rate) for position in positions]


def _burst(run: int, frame_count: int, frames: int) -> range:
    start, end = run * frame_count // BURSTS, (run + 1) * frame_count // BURSTS
    length = (run + 1) * frames // BURSTS - run * frames // BURSTS
    first = start + (end - start - length) // 2
    return range(first, first + length)
