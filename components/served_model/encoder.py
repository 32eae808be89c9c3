"""The frame encoder on disk: uint8 frames in, feature vectors out."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pydantic

from components.json_files import read_json, write_json
from components.loadable_folder import loadable_folder
from components.served_model.encoder_engine import Engine, Precision

if TYPE_CHECKING:
    import numpy as np

ENCODE: Final = "encode"
"""The only endpoint of the SavedModel: frames uint8 [N, S, S, 3] RGB to features float32 [N, D]."""

DESCRIPTION_FILE: Final = "assets.extra/encoder.json"


class EncoderDescription(pydantic.BaseModel):
    """The content of `assets.extra/encoder.json`.

    Attributes:
        architecture: of the network.
        frame_size: height and width in pixels of the frames that it takes, S; earlier versions took one size.
        feature_size: width of a frame's feature vector, D.
        weights: where they come from.
        weights_fingerprint: sha256 of the network's name and all weights; empty in those of earlier versions.
        fingerprint: of everything that affects the features.
        engine: that computes them.
        precision: in which they are computed.
        precision_reason: why it was chosen.
        agreement: with TensorFlow in float32 (frames, min_cosine, max_relative_error); None if not measured.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    architecture: str = ""
    frame_size: int = pydantic.Field(224, ge=1)
    feature_size: int = pydantic.Field(2048, ge=1)
    weights: str = ""
    weights_fingerprint: str = ""
    fingerprint: str
    engine: Engine
    precision: Precision
    precision_reason: str = ""
    agreement: dict[str, Any] | None = None


def load_encoder(path: str) -> "Callable[[np.ndarray], np.ndarray]":
    """Loads the encoder at `path` as a function from uint8 [N, S, S, 3] to float32 [N, D].

    It runs with the engine and the precision in its description.

    Raises:
        UserError: if its engine is not installed.
    """
    description = read_description(path)
    if description.engine == "openvino":
        from components.served_model.openvino_encoder import load_openvino

        return load_openvino(path, description.precision)
    return load_tensorflow(path)


def load_tensorflow(path: str) -> "Callable[[np.ndarray], np.ndarray]":
    """Loads the SavedModel at `path`, regardless of the engine in its description."""
    # Imported late: a description is read without TensorFlow.
    import tensorflow as tf

    # As fast as `tf.saved_model.load`, which takes 0.3 GB more if the weights are constants, as in bfloat16.
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        signature = tf.compat.v1.saved_model.load(session, ["serve"], loadable_folder(path)).signature_def[ENCODE]
    (frames,), (encoded,) = signature.inputs.values(), signature.outputs.values()
    return session.make_callable(encoded.name, feed_list=[frames.name])


def describe_served_encoder(path: str, encoder_path: str) -> None:
    """Writes an encoder description to the served model at `path`, so that `load_encoder` can load its `ENCODE`.

    The served model contains the TensorFlow form of the encoder at `encoder_path`; if that one has another engine, the
    fingerprints differ.
    """
    description = read_description(encoder_path)
    if description.engine != "tensorflow":
        fingerprint = f"{description.fingerprint}-tensorflow"
        description = description.model_copy(
            update={"engine": "tensorflow", "fingerprint": fingerprint, "agreement": None}
        )
    write_description(path, description)


def read_description(path: str) -> EncoderDescription:
    """Reads the description of the encoder at `path`: see `build_encoder`."""
    return EncoderDescription.model_validate(read_json(os.path.join(path, DESCRIPTION_FILE)))


def write_description(path: str, description: EncoderDescription) -> None:
    """Writes the description of the encoder at `path`."""
    # Without what an earlier version did not know of its encoder.
    write_json(os.path.join(path, DESCRIPTION_FILE), description.model_dump(exclude_unset=True))
