"""Reads metadata.json and probes each video, in parallel."""

from typing import Any

import apache_beam as beam
import tensorflow as tf
from google.protobuf import struct_pb2
from tfx import types
from tfx.components.example_gen import base_example_gen_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components import features
from components.video_example_gen.examples import video_example
from components.video_example_gen.metadata import read_dataset
from components.video_example_gen.splits import SplitRatios, assign_split, group_id, require_both_classes


class Executor(base_example_gen_executor.BaseExampleGenExecutor):
    """TFX's base executor partitions the examples by hash of their group and writes them."""

    def GetInputSourceToExamplePTransform(self) -> beam.PTransform:
        """The transform from the data root to video examples."""
        return _videos_to_examples

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Checks the data set before any video is opened, then writes the examples.

        Raises:
            UserError: if metadata.json is wrong, or a split lacks a class.
        """
        entries = read_dataset(exec_properties["input_base"]).entries
        ratios, group_by = _ratios(exec_properties), _group_by(exec_properties)
        require_both_classes(entries, ratios, group_by)
        super().Do(input_dict, output_dict, exec_properties)
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        splits = [assign_split(group_id(entry, group_by), ratios) for entry in entries]
        for split in features.SPLITS:
            examples.set_int_custom_property(f"records_{split}", splits.count(split))


@beam.ptransform_fn
@beam.typehints.with_output_types(tf.train.Example)
def _videos_to_examples(
    pipeline: beam.Pipeline, exec_properties: dict[str, Any], split_pattern: str
) -> beam.pvalue.PCollection:
    del split_pattern
    data_root, group_by = exec_properties["input_base"], _group_by(exec_properties)
    return (
        pipeline
        | beam.Create(read_dataset(data_root).entries)
        | beam.Reshuffle()
        | beam.Map(lambda entry: video_example(data_root, entry, group_id(entry, group_by)))
    )


def _group_by(exec_properties: dict[str, Any]) -> str:
    custom_config = example_gen_pb2.CustomConfig()
    proto_utils.json_to_proto(exec_properties["custom_config"], custom_config)
    settings = struct_pb2.Struct()
    custom_config.custom_config.Unpack(settings)
    return settings["group_by"]


def _ratios(exec_properties: dict[str, Any]) -> SplitRatios:
    output_config = example_gen_pb2.Output()
    proto_utils.json_to_proto(exec_properties["output_config"], output_config)
    return SplitRatios(**{split.name: split.hash_buckets for split in output_config.split_config.splits})
