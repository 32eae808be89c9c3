"""The notebook's feature extraction, spelled out."""

from collections.abc import Sequence

import numpy as np

from benchmarks.processes import Job

_FRAMES, _FEATURES, _SIZE = 20, 2048, 224


def prepare(weights: str) -> Job:
    """Reads, crops and resizes every frame of each path, and calls `predict` on one frame at a time."""
    import cv2
    import keras

    from components.frame_encoder.network import build_network

    model = build_network("inception_v3", weights).model

    def read_frames(path: str) -> np.ndarray:
        frames = []
        capture = cv2.VideoCapture(path)
        while True:
            found, frame = capture.read()
            if not found:
                break
            height, width = frame.shape[:2]
            side = min(height, width)
            left, top = width // 2 - side // 2, height // 2 - side // 2
            frame = cv2.resize(frame[top : top + side, left : left + side], (_SIZE, _SIZE))
            frames.append(frame[:, :, [2, 1, 0]])
        capture.release()
        return np.array(frames)

    def encode(frames: np.ndarray) -> np.ndarray:
        features = np.zeros((_FRAMES, _FEATURES), np.float32)
        for position in range(min(_FRAMES, len(frames))):
            frame = keras.applications.inception_v3.preprocess_input(frames[position][None].astype(np.float32))
            features[position] = model.predict(frame, verbose=0)
        return features

    def run(paths: Sequence[str]) -> None:
        for path in paths:
            encode(read_frames(path))

    return run
