"""Which faces of a clip's frames become clips of their own."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class TrackChoice:
    """Which tracks become clips.

    Attributes:
        min_frames: the fewest frames that a track must have, or all sampled ones of a clip that has fewer.
        most: the most tracks, the largest first.
    """

    min_frames: int
    most: int
