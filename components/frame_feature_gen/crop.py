"""From a decoded frame to the square that the encoder takes."""

import cv2
import numpy as np


def center_square(frame: np.ndarray, size: int) -> np.ndarray:
    """Crops the centre square of `frame`, uint8 [H, W, 3], and resizes it to [size, size, 3].

    Bilinear, and in the order of the Kaggle notebook, whose pixels it reproduces.
    """
    height, width = frame.shape[:2]
    side = min(height, width)
    top, left = height // 2 - side // 2, width // 2 - side // 2
    return cv2.resize(frame[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)
