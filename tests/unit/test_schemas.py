"""The schemas that come with the package describe what the nodes read."""

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from components import features
from schemas import schema_text


def _read(name: str) -> dict[str, schema_pb2.Feature]:
    schema = text_format.Parse(schema_text(name), schema_pb2.Schema())
    return {feature.name: feature for feature in schema.feature}


def test_frame_features_schema_has_all_that_the_transform_takes():
    described = _read("frame_features")
    assert set(described) == {
        features.FRAME_FEATURES,
        features.FRAME_MASK,
        features.VIDEO_ID,
        features.GROUP_ID,
        features.LABEL,
    }
    assert described[features.FRAME_FEATURES].shape.dim[0].size == features.FRAMES * features.FEATURE_SIZE
    assert described[features.FRAME_MASK].shape.dim[0].size == features.FRAMES


def test_video_schema_has_what_every_video_has():
    assert {features.VIDEO_ID, features.URI, features.GROUP_ID, features.LABEL} <= set(_read("video"))
