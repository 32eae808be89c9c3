"""Frames as a GIF."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image


def gif_bytes(frames: Iterable[np.ndarray], duration_ms: int | Sequence[int]) -> bytes:
    """Encodes frames, uint8 [height, width, 3] RGB, at least one, as a GIF that repeats for ever.

    Args:
        frames: all of one shape.
        duration_ms: of every frame, or of each.
    """
    first, *others = (Image.fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=duration_ms, loop=0)
    return buffer.getvalue()
