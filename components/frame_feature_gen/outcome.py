"""The outcome of each video, and the file with their counts."""

import collections
import dataclasses
import os
from collections.abc import Iterator
from typing import Final, Literal

from components.json_lines import read_json_lines

COUNTS_FILE: Final = "counts.jsonl"
"""In the quarantine artifact: each key of `counted` with its number of videos."""

State = Literal["decoded", "cached", "quarantined", "self_blended", "recompressed"]
CLIP: Final = "clip"
ADDED: Final[tuple[State, ...]] = ("self_blended", "recompressed")
"""Of examples that augmentation adds."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The extraction's record of a video; each video has exactly one.

    Attributes:
        split: of the video.
        uri: of the video.
        state: decoded and encoded now, found in the cache, refused; or, whether cached or not, a pseudo-fake or a
            recompressed variant of any video.
        frames: how many frames have features, of all clips.
        clips: how many clips it has.
        truncated: whether parts of the video are missing or damaged.
        face_status: the result of the face crop, in its first clip.
        reason: why it was refused, from the closed list of reasons; empty if it was not.
        detail: a human-readable explanation of the reason.
        kept: whether its features are in the cache.
    """

    split: str
    uri: str
    state: State
    frames: int = 0
    clips: int = 0
    truncated: bool = False
    face_status: str = ""
    reason: str = ""
    detail: str = ""
    kept: bool = False


def counted(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yields the keys that a video is counted under: its split with its state, and with `truncated` if it is.

    Its split with `CLIP` is counted once for each of its clips.
    """
    yield outcome.split, outcome.state
    yield from [(outcome.split, CLIP)] * outcome.clips
    if outcome.truncated:
        yield outcome.split, "truncated"


def read_outcome_counts(uri: str) -> collections.Counter[tuple[str, str]]:
    """Reads the counts in the quarantine artifact at `uri`."""
    rows = read_json_lines(os.path.join(uri, COUNTS_FILE))
    return collections.Counter({(split, name): count for (split, name), count in rows})
