"""Pseudo-fakes from real footage: each frame blended with an altered copy of itself.

After Shiohara and Yamasaki, "Detecting Deepfakes with Self-Blended Images" (CVPR 2022), implemented from the paper:
two copies of a real frame, one of them altered in colour and sharpness, are blended under a deformed, blurred mask of
the face. The mask is an ellipse in the face's box, since no landmarks are available here. Unlike in the paper, the
alteration varies over the frames of a clip: it stays constant, drifts, or flickers.
"""

import dataclasses
from typing import Final, Literal

import cv2
import numpy as np

from components.video_decoding.faces.clip_face import clip_face
from components.video_decoding.faces.face import Detect, Face
from components.video_decoding.sampling import sample_positions

Course = Literal["constant", "drift", "flicker"]
COURSES: Final[tuple[Course, ...]] = ("constant", "drift", "flicker")

_FRAMES_SEARCHED = 5
_RATIOS = (0.25, 0.5, 0.75, 1.0)
_COLOUR_SHIFT = 20.0
_HUE_SHIFT, _SATURATION = 2.0, 0.3
_BRIGHTNESS, _CONTRAST = 25.5, 0.1
_MOVED_ACROSS, _MOVED_DOWN, _SCALED = 0.03, 0.015, 0.05
_ELASTIC_PIXELS, _ELASTIC_SIGMA = 50.0, 7.0
_FLICKER = 0.3
# Relative to the frame's side: anything smaller is only part of a face, or of the background.
_MIN_FACE = 0.3
_ASSUMED_FACE = 0.5


@dataclasses.dataclass(frozen=True)
class _Alteration:
    """The alteration of one copy of a frame; all numbers are within -1 and 1, and are scaled by the limits above."""

    numbers: np.ndarray
    sharpened: bool
    outside: bool

    def colours(self, frame: np.ndarray) -> np.ndarray:
        red, green, blue, hue, saturation, brightness, contrast, softness = self.numbers[:8]
        pixels = frame + _COLOUR_SHIFT * np.asarray([red, green, blue], np.float32)
        hsv = cv2.cvtColor(np.clip(pixels, 0, 255).astype(np.uint8), cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + _HUE_SHIFT * hue) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * (1 + _SATURATION * saturation), 0, 255)
        pixels = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.float32)
        pixels = (pixels - 128) * (1 + _CONTRAST * contrast) + 128 + _BRIGHTNESS * brightness
        coarse = cv2.resize(pixels, None, fx=1 / (2 + softness), fy=1 / (2 + softness), interpolation=cv2.INTER_AREA)
        soft = cv2.resize(coarse, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        altered = 2 * pixels - soft if self.sharpened else soft
        return np.clip(altered, 0, 255)

    def place(self, side: int) -> np.ndarray:
        """Returns the affine map, [2, 3], that moves and scales the blended copy about the centre."""
        across, down, larger = self.numbers[8:11]
        scale = 1 + _SCALED * larger
        rest = (1 - scale) * side / 2
        return np.asarray(
            [[scale, 0, rest + _MOVED_ACROSS * side * across], [0, scale, rest + _MOVED_DOWN * side * down]], np.float32
        )


def self_blend(frames: np.ndarray, detect: Detect, generator: np.random.Generator) -> np.ndarray:
    """Makes a pseudo-fake of a clip's frames.

    Args:
        frames: uint8 [n, S, S, 3] RGB, of a real video.
        detect: finds faces.
        generator: source of all random draws.

    Returns:
        uint8 [n, S, S, 3] RGB.
    """
    side = frames.shape[1]
    looked_at = [frames[position] for position in sample_positions("uniform", len(frames), _FRAMES_SEARCHED)]
    face = clip_face([detect(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)) for frame in looked_at])
    if face is None or face.side < _MIN_FACE * side:
        face = _assumed_face(side)
    mask = _face_mask(face, side, generator) * float(generator.choice(_RATIOS))
    alterations = _alterations(len(frames), generator)
    return np.stack([_blend(frame, mask, alteration) for frame, alteration in zip(frames, alterations, strict=True)])


def _blend(frame: np.ndarray, mask: np.ndarray, alteration: _Alteration) -> np.ndarray:
    altered = alteration.colours(frame)
    source, target = (frame.astype(np.float32), altered) if alteration.outside else (altered, frame.astype(np.float32))
    size, place = frame.shape[1::-1], alteration.place(frame.shape[0])
    moved = cv2.warpAffine(source, place, size, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(mask, place, size)[:, :, None]
    return np.clip(share * moved + (1 - share) * target, 0, 255).round().astype(np.uint8)


def _alterations(count: int, generator: np.random.Generator) -> list[_Alteration]:
    course = COURSES[generator.integers(len(COURSES))]
    sharpened, outside = generator.random(2) < 0.5
    first, last = generator.uniform(-1, 1, (2, 11))
    if course == "constant":
        numbers = np.tile(first, (count, 1))
    elif course == "drift":
        numbers = np.linspace(first, last, count)
    else:
        numbers = np.clip(first + _FLICKER * generator.uniform(-1, 1, (count, 11)), -1, 1)
    return [_Alteration(each, bool(sharpened), bool(outside)) for each in numbers]


def _face_mask(face: Face, side: int, generator: np.random.Generator) -> np.ndarray:
    """Returns float32 [side, side] in 0 to 1: an ellipse in the face's box, elastically deformed and blurred."""
    mask = np.zeros((side, side), np.float32)
    centre = (face.left + face.width / 2, face.top + face.height / 2)
    axes = generator.uniform(0.75, 1.0, 2) * (face.width, face.height)
    cv2.ellipse(mask, (centre, tuple(axes.tolist()), 0.0), (1.0,), -1)
    noise = generator.uniform(-1, 1, (2, side, side)).astype(np.float32)
    shifts = [_ELASTIC_PIXELS * cv2.GaussianBlur(layer, (0, 0), _ELASTIC_SIGMA) for layer in noise]
    across, down = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    deformed = cv2.remap(mask, across + shifts[0], down + shifts[1], cv2.INTER_LINEAR)
    return cv2.GaussianBlur(deformed, (0, 0), float(generator.uniform(2, 8)))


def _assumed_face(side: int) -> Face:
    edge = _ASSUMED_FACE * side
    return Face((side - edge) / 2, (side - edge) / 2, edge, edge, "frontal")
