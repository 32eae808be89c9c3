"""What is done to the frames of a video between decoding and cropping."""

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Distortion:
    """What a platform does to an upload; by default nothing.

    Attributes:
        crf: constant rate factor of one more H.264 encoding, 1 to 51; 0 for none.
        jpeg_quality: of one more encoding of each frame as JPEG, 1 to 100; 0 for none.
        scale: by which both sides shrink before that encoding, to be enlarged again after it.
        blur: standard deviation of a Gaussian blur, in thousandths of the longer side.
        brightness: added to all channels, relative to the largest value.
        crop: the share of each side that is cut off at both its ends.
        frame_rate: relative to the video's own; below 1, frames are dropped evenly.
    """

    crf: int = 0
    jpeg_quality: int = 0
    scale: float = 1.0
    blur: float = 0.0
    brightness: float = 0.0
    crop: float = 0.0
    frame_rate: float = 1.0


UNDISTORTED: Final = Distortion()


@dataclasses.dataclass(frozen=True)
class Alteration:
    """How a video is altered.

    Attributes:
        blending_seed: of a pseudo-fake's random draws; None to blend nothing.
        distortion: what is done after that.
    """

    blending_seed: int | None = None
    distortion: Distortion = UNDISTORTED
