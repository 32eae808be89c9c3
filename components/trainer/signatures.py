"""The served model: transform, model and frame encoder behind the five signatures of the contract."""

from typing import Any

import keras
import tensorflow as tf
import tensorflow_transform as tft

from components.features import (
    FEATURE_SIZE,
    FRAME_FEATURES,
    FRAME_FEATURES_XF,
    FRAME_MASK,
    FRAME_MASK_XF,
    FRAME_SIZE,
    FRAMES,
)
from components.served_model.encoder import ENCODE

_EXAMPLES = tf.TensorSpec([None], tf.string, name="examples")
_MASK = tf.TensorSpec([None, FRAMES], tf.int64, name=FRAME_MASK)
_FEATURES = tf.TensorSpec([None, FRAMES, FEATURE_SIZE], tf.float32, name=FRAME_FEATURES)
_FRAMES = tf.TensorSpec([None, FRAMES, FRAME_SIZE, FRAME_SIZE, 3], tf.uint8, name="frames")
_SINGLE_FRAMES = tf.TensorSpec([None, FRAME_SIZE, FRAME_SIZE, 3], tf.uint8, name="frames")


def export_served_model(
    model: keras.Model, transform_output: tft.TFTransformOutput, encoder_path: str, path: str
) -> None:
    """Writes the SavedModel that all downstream components use; `model` is the calibrated one.

    Signatures:
        serving_default: `examples` string [B], serialized examples with `frame_features` and `frame_mask`.
        transform_features: `examples` string [B], serialized frame-feature examples, with the label if there is one;
            returns the transformed features.
        serve_features: `frame_features` float32 [B, T, D], `frame_mask` int64 [B, T].
        serve_frames: `frames` uint8 [B, T, 224, 224, 3] RGB, `frame_mask` int64 [B, T].
        encode: `frames` uint8 [N, 224, 224, 3] RGB; returns the encoder's features float32 [N, D]. It is the endpoint
            of the encoder's own SavedModel, so that features can be extracted with the served model alone.

    The three serving signatures return `probability_fake` float32 [B, 1] and `frame_scores` float32 [B, T].
    """
    transform = transform_output.transform_features_layer()
    encoder = tf.saved_model.load(encoder_path)
    specification = transform_output.raw_feature_spec()
    needed = {name: specification[name] for name in (FRAME_FEATURES, FRAME_MASK)}

    def predict(raw: dict[str, Any]) -> dict[str, tf.Tensor]:
        transformed = transform(raw)
        return model(
            {
                FRAME_FEATURES_XF: transformed[FRAME_FEATURES_XF],
                FRAME_MASK_XF: tf.cast(transformed[FRAME_MASK_XF], tf.bool),
            },
            training=False,
        )

    def serve_features(frame_features: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
        flat = tf.reshape(frame_features, (-1, FRAMES * FEATURE_SIZE))
        return predict({FRAME_FEATURES: flat, FRAME_MASK: frame_mask})

    def serve_frames(frames: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
        encoded = getattr(encoder, ENCODE)(tf.reshape(frames, (-1, FRAME_SIZE, FRAME_SIZE, 3)))
        encoded = tf.reshape(encoded, (-1, FRAMES, FEATURE_SIZE))
        return serve_features(encoded * tf.cast(frame_mask, tf.float32)[:, :, tf.newaxis], frame_mask)

    # Only a model written by ExportArchive loads in TensorFlow 2, in TFMA and in BulkInferrer's TF1 loader.
    archive = keras.export.ExportArchive()
    for resource in (model, transform, encoder):
        archive.track(resource)
    archive.add_endpoint(
        "serving_default", lambda examples: predict(tf.io.parse_example(examples, needed)), [_EXAMPLES]
    )
    archive.add_endpoint(
        "transform_features", lambda examples: transform(tf.io.parse_example(examples, specification)), [_EXAMPLES]
    )
    archive.add_endpoint("serve_features", serve_features, [_FEATURES, _MASK])
    archive.add_endpoint("serve_frames", serve_frames, [_FRAMES, _MASK])
    archive.add_endpoint(ENCODE, lambda frames: getattr(encoder, ENCODE)(frames), [_SINGLE_FRAMES])
    archive.write_out(path, verbose=False)
