"""The schemas of the examples, as TensorFlow metadata text protos."""

import importlib.resources

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2


def schema_text(name: str) -> str:
    """The content of `schemas/<name>.pbtxt`."""
    return (importlib.resources.files(__name__) / f"{name}.pbtxt").read_text()


def frame_feature_schema(frames: int, feature_size: int) -> str:
    """The schema of frame-feature examples of T frames with D features each."""
    schema = text_format.Parse(schema_text("frame_features"), schema_pb2.Schema())
    sizes = {"frame_features": frames * feature_size, "frame_mask": frames}
    for feature in schema.feature:
        if feature.name in sizes:
            feature.shape.dim[0].size = sizes[feature.name]
    return text_format.MessageToString(schema)
