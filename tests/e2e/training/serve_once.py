"""Runs SavedModels on inputs from an .npz file, in a process that knows nothing but their paths."""

import sys

import numpy as np
import tensorflow as tf


def serve_tensorflow_1(path: str, examples: np.ndarray) -> np.ndarray:
    """The probabilities from TensorFlow 1's loader."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        signature = tf.compat.v1.saved_model.load(session, ["serve"], path).signature_def["serving_default"]
        return session.run(signature.outputs["probability_fake"].name, {signature.inputs["examples"].name: examples})


if __name__ == "__main__":
    source, target, *paths = sys.argv[1:]
    inputs = dict(np.load(source, allow_pickle=True))
    served = {}
    for path in paths:
        signatures = tf.saved_model.load(path).signatures
        mask = tf.constant(inputs["frame_mask"])
        answers = {
            "serving_default": signatures["serving_default"](tf.constant(inputs["examples"])),
            "serve_features": signatures["serve_features"](
                frame_features=tf.constant(inputs["frame_features"]), frame_mask=mask
            ),
            "serve_frames": signatures["serve_frames"](frames=tf.constant(inputs["frames"]), frame_mask=mask[:2]),
        }
        for signature, answer in answers.items():
            served |= {f"{path}:{signature}:{name}": value.numpy() for name, value in answer.items()}
        served[f"{path}:tensorflow_1"] = serve_tensorflow_1(path, inputs["examples"])
    np.savez(target, **served)
