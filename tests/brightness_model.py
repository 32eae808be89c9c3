"""A model folder that is quick to make: the probability is the mean brightness, a frame's score its brightness."""

import json
import pathlib
from typing import Any

import tensorflow as tf
from encoder_sizes import FEATURE_SIZE, FRAME_SIZE

from components import features

ENCODER: dict[str, Any] = {"fingerprint": "brightness", "engine": "tensorflow", "precision": "float32"}
DESCRIPTION: dict[str, Any] = {
    "model_digest": "ab" * 32,
    "threshold": 0.5,
    "inconclusive_band": [0.4, 0.6],
    "frames": features.FRAMES,
    "frame_size": FRAME_SIZE,
    "sampling": "uniform",
    "crop": "center_square",
    "min_frames": 5,
    "frame_score": "what the model would have said of a video of that frame alone",
    "decision": {"rule": "costs", "false_alarm_cost": 1.0, "miss_cost": 1.0},
    "calibration": {"method": "temperature", "clip": 0.01},
    "trainer": {"model": "frame_mean"},
    "seed": 0,
    "epochs": 2,
    "best_epoch": 1,
    "encoder": ENCODER,
}
SCORES = [
    {"from": index / 10, "to": (index + 1) / 10, features.FAKE: index, features.REAL: 9 - index} for index in range(10)
]
CARD = {"data": {"synthetic": True}, "evaluation": {"split": "test", "scores": SCORES}}

_SPECIFICATION = {
    features.FRAME_FEATURES: tf.io.FixedLenFeature([features.FRAMES, FEATURE_SIZE], tf.float32),
    features.FRAME_MASK: tf.io.FixedLenFeature([features.FRAMES], tf.int64),
}


class Brightness(tf.Module):
    """A model with the endpoints that scoring needs."""

    @tf.function(input_signature=[tf.TensorSpec([None, FRAME_SIZE, FRAME_SIZE, 3], tf.uint8)])
    def encode(self, frames: tf.Tensor) -> tf.Tensor:
        bright = tf.reduce_mean(tf.cast(frames, tf.float32) / 255, axis=[1, 2, 3])
        return tf.tile(bright[:, None], [1, FEATURE_SIZE])

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def serve(self, examples: tf.Tensor) -> dict[str, tf.Tensor]:
        parsed = tf.io.parse_example(examples, _SPECIFICATION)
        return _judge(parsed[features.FRAME_FEATURES][:, :, 0], parsed[features.FRAME_MASK])

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, features.FRAMES, FEATURE_SIZE], tf.float32, "frame_features"),
            tf.TensorSpec([None, features.FRAMES], tf.int64, "frame_mask"),
        ]
    )
    def serve_features(self, frame_features: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
        return _judge(frame_features[:, :, 0], frame_mask)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, features.FRAMES, FRAME_SIZE, FRAME_SIZE, 3], tf.uint8, "frames"),
            tf.TensorSpec([None, features.FRAMES], tf.int64, "frame_mask"),
        ]
    )
    def serve_frames(self, frames: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
        return _judge(tf.reduce_mean(tf.cast(frames, tf.float32) / 255, axis=[2, 3, 4]), frame_mask)


def _judge(bright: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
    mask = tf.cast(frame_mask, tf.float32)
    scores = bright * mask
    probability = tf.reduce_sum(scores, axis=1, keepdims=True) / tf.reduce_sum(mask, axis=1, keepdims=True)
    return {features.PROBABILITY_FAKE: probability, features.FRAME_SCORES: scores}


def write_brightness_model(folder: pathlib.Path, **described: Any) -> pathlib.Path:
    """Writes the folder; `described` overrides entries of its description."""
    model = Brightness()
    signatures = {
        "serving_default": model.serve,
        "encode": model.encode,
        "serve_features": model.serve_features,
        "serve_frames": model.serve_frames,
    }
    tf.saved_model.save(model, str(folder), signatures=signatures)
    for name, content in (
        ("model.json", {**DESCRIPTION, **described}),
        ("model_card.json", CARD),
        ("encoder.json", ENCODER),
    ):
        path = folder / "assets.extra" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
    return folder
