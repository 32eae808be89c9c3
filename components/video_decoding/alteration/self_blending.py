"""Pseudo-fakes from real footage: each frame blended with an altered copy of itself.

After Shiohara and Yamasaki, "Detecting Deepfakes with Self-Blended Images" (CVPR 2022), implemented from the paper: two
copies of a frame, one of them altered in colour and sharpness, moved and scaled, are blended under a deformed, blurred
mask of the face's landmarks. Unlike in the paper, the altered copy is always the one inside the mask, so that nothing
outside it tells a pseudo-fake from its source, and it has a course over the frames of a clip: it stays the same,
drifts, flickers, or is taken from a frame before.
"""

import dataclasses
from collections.abc import Sequence
from typing import Final, Literal

import cv2
import numpy as np

from components.video_decoding.alteration.face_masks import FaceMask, Region, region_of

Course = Literal["constant", "drift", "flicker", "delay"]
COURSES: Final[tuple[Course, ...]] = ("constant", "drift", "flicker", "delay")

_RATIOS = (0.25, 0.5, 0.75, 1.0)
_COLOUR_SHIFT = 20.0
_HUE_SHIFT, _SATURATION = 2.0, 0.3
_BRIGHTNESS, _CONTRAST = 25.5, 0.1
_MOVED_ACROSS, _MOVED_DOWN, _SCALED = 0.03, 0.015, 0.05
_NUMBERS = 11
_FLICKER = 0.3


@dataclasses.dataclass(frozen=True)
class _Copy:
    """The alteration of one copy of a frame; all numbers are within -1 and 1, and are scaled by the limits above."""

    numbers: np.ndarray
    sharpened: bool

    def colours(self, pixels: np.ndarray) -> np.ndarray:
        blue, green, red, hue, saturation, brightness, contrast, softness = self.numbers[:8]
        shifted = pixels + _COLOUR_SHIFT * np.asarray([blue, green, red], np.float32)
        hsv = cv2.cvtColor(np.clip(shifted, 0, 255).astype(np.uint8), cv2.COLOR_BGR2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + _HUE_SHIFT * hue) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * (1 + _SATURATION * saturation), 0, 255)
        altered = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR).astype(np.float32)
        altered = (altered - 128) * (1 + _CONTRAST * contrast) + 128 + _BRIGHTNESS * brightness
        size = [max(1, round(side / (2 + softness))) for side in pixels.shape[1::-1]]
        coarse = cv2.resize(altered, size, interpolation=cv2.INTER_AREA)
        soft = cv2.resize(coarse, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return np.clip(2 * altered - soft if self.sharpened else soft, 0, 255)

    def place(self, region: Region) -> np.ndarray:
        """Returns the affine map, [2, 3], that moves and scales the copy about the middle of its region."""
        across, down, larger = self.numbers[8:]
        scale = 1 + _SCALED * larger
        middle = np.asarray([region.left, region.top]) + region.side / 2
        moved = region.side * np.asarray([_MOVED_ACROSS * across, _MOVED_DOWN * down])
        return np.column_stack([scale * np.eye(2), (1 - scale) * middle + moved])


def self_blend(
    frames: Sequence[np.ndarray], landmarks: Sequence[np.ndarray | None], generator: np.random.Generator
) -> list[np.ndarray]:
    """Makes a pseudo-fake of a real video's frames.

    Args:
        frames: uint8 [H, W, 3] BGR.
        landmarks: of the face in each frame, float32 [468, 2], x and y in pixels; a frame without is left as it is.
        generator: source of all random draws.

    Returns:
        Frames of the same sizes.
    """
    course = COURSES[generator.integers(len(COURSES))]
    mask = FaceMask(generator)
    ratio = float(generator.choice(_RATIOS))
    copies = _copies(len(frames), course, generator)
    blended = []
    before: tuple[np.ndarray, np.ndarray] | None = None
    for frame, points, copy in zip(frames, landmarks, copies, strict=True):
        if points is None:
            blended.append(frame)
            continue
        source = _moved_face(before, frame, points) if course == "delay" and before else frame
        region = region_of(points)
        blended.append(_blend(frame, source, ratio * mask.draw(points, region), region, copy))
        before = frame, points
    return blended


def _blend(frame: np.ndarray, source: np.ndarray, mask: np.ndarray, region: Region, copy: _Copy) -> np.ndarray:
    height, width = frame.shape[:2]
    # Where the moved mask may lie; the rest of the frame is not touched.
    reach = (_MOVED_ACROSS + _SCALED) * region.side
    left, top = (max(0, int(edge - reach)) for edge in (region.left, region.top))
    right, bottom = (
        min(limit, int(edge + region.side + reach) + 1) for edge, limit in ((region.left, width), (region.top, height))
    )
    if left >= right or top >= bottom:
        return frame
    size = right - left, bottom - top
    local = Region(region.left - left, region.top - top, region.side)
    place = copy.place(local)
    altered = copy.colours(source[top:bottom, left:right])
    moved = cv2.warpAffine(altered, place, size, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(mask, _after(place, local.to_frame()), size)[:, :, None]
    target = frame[top:bottom, left:right]
    blended = frame.copy()
    blended[top:bottom, left:right] = np.clip(share * moved + (1 - share) * target, 0, 255).round().astype(np.uint8)
    return blended


def _moved_face(before: tuple[np.ndarray, np.ndarray], frame: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Returns the frame before, moved, turned and scaled so that its face lies on the one with these landmarks."""
    earlier, earlier_points = before
    place, _ = cv2.estimateAffinePartial2D(earlier_points, points, method=cv2.LMEDS)
    if place is None:
        return frame
    return cv2.warpAffine(earlier, place, frame.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def _copies(count: int, course: Course, generator: np.random.Generator) -> list[_Copy]:
    sharpened = bool(generator.random() < 0.5)
    first, last = generator.uniform(-1, 1, (2, _NUMBERS))
    if course == "drift":
        numbers = np.linspace(first, last, count)
    elif course == "flicker":
        numbers = np.clip(first + _FLICKER * generator.uniform(-1, 1, (count, _NUMBERS)), -1, 1)
    else:
        numbers = np.tile(first, (count, 1))
    return [_Copy(each, sharpened) for each in numbers]


def _after(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Returns the affine map, [2, 3], that is one after the other."""
    return np.column_stack([second[:, :2] @ first[:, :2], second[:, :2] @ first[:, 2] + second[:, 2]])
