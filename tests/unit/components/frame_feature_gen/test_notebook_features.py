"""The Kaggle notebook's feature extraction, spelled out, against the pipeline's."""

import cv2
import keras
import numpy as np
import pytest

from components.frame_encoder.build import build_encoder
from components.frame_encoder.network import build_network
from components.served_model.encoder import load_encoder
from components.video_decoding.clip import pad_frames
from components.video_decoding.decode import decode_clip

MAX_FRAMES, FEATURES, SIZE = 20, 2048, 224


def notebook_features(path: str, model: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    frames = []
    capture = cv2.VideoCapture(path)
    while True:
        read, frame = capture.read()
        if not read:
            break
        height, width = frame.shape[0:2]
        side = min(height, width)
        left, top = (width // 2) - (side // 2), (height // 2) - (side // 2)
        frame = cv2.resize(frame[top : top + side, left : left + side], (SIZE, SIZE))
        frames.append(frame[:, :, [2, 1, 0]])
    capture.release()
    mask = np.zeros(MAX_FRAMES, dtype="bool")
    features = np.zeros((MAX_FRAMES, FEATURES), dtype="float32")
    length = min(MAX_FRAMES, len(frames))
    for position in range(length):
        batch = keras.applications.inception_v3.preprocess_input(frames[position][None].astype("float32"))
        features[position] = model.predict(batch, verbose=0)
    mask[:length] = True
    return features, mask


@pytest.fixture(scope="module")
def weights(request) -> str:
    try:
        return str(request.getfixturevalue("shared_data") / "weights" / "inception_v3_2015_partial_notop.weights.h5")
    except pytest.skip.Exception:
        return "random:0"


def no_frames() -> np.ndarray:
    return np.zeros((0, SIZE, SIZE, 3), np.uint8)


@pytest.fixture(scope="module")
def models(weights, tmp_path_factory):
    network = build_network("inception_v3", weights)
    path = str(tmp_path_factory.mktemp("encoder"))
    build_encoder(network, path, weights=weights, precision="float32", engine="tensorflow", sample_frames=no_frames)
    return network.model, load_encoder(path)


@pytest.mark.e2e
@pytest.mark.parametrize(("frames", "width", "height"), [(45, 640, 360), (25, 240, 426), (11, 320, 320)])
def test_features_are_those_of_the_notebook(models, write_video, frames, width, height):
    model, encode = models
    path = write_video(frames=frames, width=width, height=height)
    expected, expected_mask = notebook_features(path, model)
    clip = decode_clip(path, sampling="first", frames=MAX_FRAMES, size=SIZE)
    encoded = encode(pad_frames(clip.frames, MAX_FRAMES))
    count = len(clip.frames)
    assert count == expected_mask.sum() == min(frames, MAX_FRAMES)
    error = np.linalg.norm(encoded[:count] - expected[:count], axis=1) / np.linalg.norm(expected[:count], axis=1)
    assert error.max() < 1e-4
