"""What became of one video."""

import dataclasses
from typing import Literal

State = Literal["decoded", "cached", "quarantined", "self_blended"]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """A row of the extraction's books; each video has exactly one.

    Attributes:
        split: of the video.
        uri: of the video.
        state: decoded and encoded now, found in the cache, refused; or, whether cached or not, a pseudo-fake.
        frames: how many frames have features.
        truncated: whether parts of the video are missing or damaged.
        face_status: what the crop found.
        reason: why it was refused, from the closed list of reasons; empty if it was not.
        detail: more of that, for people.
    """

    split: str
    uri: str
    state: State
    frames: int = 0
    truncated: bool = False
    face_status: str = ""
    reason: str = ""
    detail: str = ""
