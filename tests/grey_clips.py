"""Clips of uniform brightness."""

import pathlib

import numpy as np

from pipeline.demo_data.encoding import write_clip


def write_grey_clip(path: pathlib.Path, brightness: int, frames: int = 8) -> str:
    """Writes a uniformly grey clip, 255 being white, and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = (np.full((64, 64, 3), brightness, np.uint8) for _ in range(frames))
    write_clip(path, pictures, fps=10, bit_rate=100_000)
    return str(path)
