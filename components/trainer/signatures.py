"""The served model: transform, model and frame encoder behind the five signatures of the contract."""

from typing import Any

import keras
import tensorflow as tf
import tensorflow_transform as tft

from components.features import FRAME_FEATURES, FRAME_FEATURES_XF, FRAME_MASK, FRAME_MASK_XF
from components.served_model.encoder import ENCODE, read_description

_EXAMPLES = tf.TensorSpec([None], tf.string, name="examples")


def export_served_model(
    model: keras.Model, transform_output: tft.TFTransformOutput, encoder_path: str, path: str
) -> None:
    """Writes the SavedModel that all downstream components use; `model` is the calibrated one.

    Signatures:
        serving_default: `examples` string [B], serialized examples with `frame_features` and `frame_mask`.
        transform_features: `examples` string [B], serialized frame-feature examples, with the label if there is one;
            returns the transformed features.
        serve_features: `frame_features` float32 [B, T, D], `frame_mask` int64 [B, T].
        serve_frames: `frames` uint8 [B, T, S, S, 3] RGB, `frame_mask` int64 [B, T].
        encode: `frames` uint8 [N, S, S, 3] RGB; returns the encoder's features float32 [N, D]. It is the endpoint
            of the encoder's own SavedModel, so that features can be extracted with the served model alone.

    The three serving signatures return

        probability_fake: float32 [B, 1], the mean of the members' probabilities, calibrated and clipped.
        probability_std: float32 [B, 1], the standard deviation of the members' calibrated probabilities; 0 for one.
        log_odds_fake: float32 [B, 1], the calibrated log odds, not clipped, for ranking: where one of them and
            `probability_fake` rises, the other does not fall.
        frame_scores: float32 [B, T].
    """
    transform = transform_output.transform_features_layer()
    encoder = tf.saved_model.load(encoder_path)
    described = read_description(encoder_path)
    picture, size = (described.frame_size, described.frame_size, 3), described.feature_size
    specification = transform_output.raw_feature_spec()
    needed = {name: specification[name] for name in (FRAME_FEATURES, FRAME_MASK)}
    (length,) = specification[FRAME_MASK].shape

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
        flat = tf.reshape(frame_features, (-1, length * size))
        return predict({FRAME_FEATURES: flat, FRAME_MASK: frame_mask})

    def serve_frames(frames: tf.Tensor, frame_mask: tf.Tensor) -> dict[str, tf.Tensor]:
        encoded = getattr(encoder, ENCODE)(tf.reshape(frames, (-1, *picture)))
        encoded = tf.reshape(encoded, (-1, length, size))
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
    mask = tf.TensorSpec([None, length], tf.int64, name=FRAME_MASK)
    features = tf.TensorSpec([None, length, size], tf.float32, name=FRAME_FEATURES)
    frames = tf.TensorSpec([None, length, *picture], tf.uint8, name="frames")
    single_frames = tf.TensorSpec([None, *picture], tf.uint8, name="frames")
    archive.add_endpoint("serve_features", serve_features, [features, mask])
    archive.add_endpoint("serve_frames", serve_frames, [frames, mask])
    archive.add_endpoint(ENCODE, lambda frames: getattr(encoder, ENCODE)(frames), [single_frames])
    archive.write_out(path, verbose=False)
