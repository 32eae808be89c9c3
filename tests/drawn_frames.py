"""Frames that are quick to draw and all different from each other."""

import numpy as np


def moving_shapes(frames: int, width: int, height: int, seed: int = 0) -> list[np.ndarray]:
    """Returns frames, uint8 [H, W, 3], each different from all others."""
    generator = np.random.default_rng(seed)
    background = generator.integers(60, 200, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    background = background.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    clip = []
    for index in range(frames):
        frame = np.roll(background, 3 * index, axis=1)
        frame[: height // 4, : (index + 1) * width // (frames + 1)] = (255, 40, 10)
        clip.append(frame)
    return clip
