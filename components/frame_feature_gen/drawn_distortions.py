"""Draws how videos of the train split are distorted, whatever their label."""

from typing import Final

import numpy as np

from components.video_decoding.alteration.alteration import Distortion

# The quality is the paper's of the self-blended images (Shiohara and Yamasaki, CVPR 2022); the factor is from hardly
# visible to what messengers make of a video.
_JPEG_QUALITY: Final = (40, 100)
_CRF: Final = (18, 36)
_RECOMPRESSED_CRF: Final = (23, 42)
_FRAME_RATES: Final = (1.0, 0.8, 2 / 3, 0.5)
_MAX_BLUR: Final = 2.0
_MAX_BRIGHTNESS: Final = 0.1


def draw_compression(generator: np.random.Generator) -> Distortion:
    """Draws one more compression, as JPEG or H.264."""
    if generator.random() < 0.5:
        return Distortion(jpeg_quality=int(generator.integers(*_JPEG_QUALITY, endpoint=True)))
    return Distortion(crf=int(generator.integers(*_CRF, endpoint=True)))


def draw_recompression(generator: np.random.Generator) -> Distortion:
    """Draws what a platform may do to an upload: H.264, half of them at half size, blurred, or in another light."""
    halved, blurred, relit = generator.random(3) < 0.5
    return Distortion(
        crf=int(generator.integers(*_RECOMPRESSED_CRF, endpoint=True)),
        scale=0.5 if halved else 1.0,
        blur=float(generator.uniform(0, _MAX_BLUR)) if blurred else 0.0,
        brightness=float(generator.uniform(-_MAX_BRIGHTNESS, _MAX_BRIGHTNESS)) if relit else 0.0,
        frame_rate=float(generator.choice(_FRAME_RATES)),
    )
