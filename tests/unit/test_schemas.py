"""The schemas that come with the package describe what the nodes read."""

from encoder_sizes import FEATURE_SIZE
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from components import features
from schemas import frame_feature_schema, schema_text


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
    assert described[features.FRAME_FEATURES].shape.dim[0].size == features.FRAMES * FEATURE_SIZE
    assert described[features.FRAME_MASK].shape.dim[0].size == features.FRAMES


def test_frame_features_schema_has_the_sizes_of_the_run():
    schema = text_format.Parse(frame_feature_schema(8, 576), schema_pb2.Schema())
    sizes = {feature.name: feature.shape.dim[0].size for feature in schema.feature if feature.shape.dim}
    assert (sizes[features.FRAME_FEATURES], sizes[features.FRAME_MASK]) == (8 * 576, 8)
    default = text_format.Parse(schema_text("frame_features"), schema_pb2.Schema())
    assert text_format.Parse(frame_feature_schema(features.FRAMES, FEATURE_SIZE), schema_pb2.Schema()) == default


def test_video_schema_has_what_every_video_has():
    assert {features.VIDEO_ID, features.URI, features.GROUP_ID, features.LABEL} <= set(_read("video"))
