"""Finds the videos and probes them in parallel."""

import logging
import os
from typing import Any, Final

import apache_beam as beam
import tensorflow as tf
from google.protobuf import struct_pb2
from tfx import types
from tfx.components.example_gen import base_example_gen_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components import features
from components.csv_lines import csv_lines
from components.dataset.folder import read_video_folder
from components.dataset.metadata import read_dataset
from components.dataset.splits import SplitRatios, assign_split, group_id, require_both_classes
from components.example_counts import record_counts
from components.examples import read_records, text_feature
from components.file_patterns import require_no_glob_characters
from components.printable import printable
from components.video_example_gen.examples import video_example
from components.video_example_gen.transforms import Probe
from components.whole_files import write_whole

_SPLITS_FILE: Final = "splits.csv"
_SPLITS_COLUMNS: Final = ("uri", "label", "group_id", "split", "official_split", "content_digest", "placed_by")


class Executor(base_example_gen_executor.BaseExampleGenExecutor):
    """Makes the examples; TFX's base executor partitions them by hash of their group and writes them."""

    def GetInputSourceToExamplePTransform(self) -> beam.PTransform:
        """Returns the transform from the data root to video examples."""
        return _videos_to_examples

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Validates the data set before any video is opened, then writes the examples.

        Raises:
            UserError: if metadata.json is invalid, or a split lacks a class; when scoring, if there are no videos.
        """
        ratios, group_by = _ratios(exec_properties), _group_by(exec_properties)
        if not _settings(exec_properties)["fingerprint"]:
            # Only the driver then detects changed videos, and it interprets the root as a glob.
            require_no_glob_characters("data_root", exec_properties["input_base"])
        if ratios:
            entries = read_dataset(exec_properties["input_base"]).entries
            require_both_classes(entries, ratios, group_by)
            splits = [assign_split(group_id(entry, group_by), ratios) for entry in entries]
            counts = {split: splits.count(split) for split in features.SPLITS}
        else:
            folder = read_video_folder(exec_properties["input_base"])
            if folder.labels_refused:
                logging.warning("The videos are taken for unlabelled: %s", printable(folder.labels_refused))
            counts = {features.SCORED_SPLIT: len(folder.entries)}
        super().Do(input_dict, output_dict, exec_properties)
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        for split, count in counts.items():
            examples.set_int_custom_property(f"records_{split}", count)
        record_counts(examples, counts)
        if ratios:
            splits = artifact_utils.get_single_instance(output_dict["splits"])
            write_whole(os.path.join(splits.uri, _SPLITS_FILE), _rows_of_splits(examples.uri).encode())


def _rows_of_splits(examples_uri: str) -> str:
    rows = []
    for split in features.SPLITS:
        for record in read_records(os.path.join(examples_uri, f"Split-{split}", "*")).as_numpy_iterator():
            example = tf.train.Example.FromString(record)
            names = (features.URI, features.LABEL, features.GROUP_ID, features.CONTENT_DIGEST)
            uri, label, group, digest = (text_feature(example, name) for name in names)
            rows.append((uri, label, group, split, "", digest, "hash"))
    return csv_lines([_SPLITS_COLUMNS, *sorted(rows)])


@beam.ptransform_fn
@beam.typehints.with_output_types(tf.train.Example)
def _videos_to_examples(
    pipeline: beam.Pipeline, exec_properties: dict[str, Any], split_pattern: str
) -> beam.pvalue.PCollection:
    del split_pattern
    data_root, group_by = exec_properties["input_base"], _group_by(exec_properties)
    found = read_dataset(data_root) if _ratios(exec_properties) else read_video_folder(data_root)
    return (
        pipeline
        | beam.Create(found.entries)
        | beam.Reshuffle()
        | beam.ParDo(
            Probe(
                lambda entry, decoder: video_example(data_root, entry, group_id(entry, group_by), decoder, lasting=True)
            )
        )
    )


def _group_by(exec_properties: dict[str, Any]) -> str:
    return _settings(exec_properties)["group_by"]


def _settings(exec_properties: dict[str, Any]) -> struct_pb2.Struct:
    custom_config = example_gen_pb2.CustomConfig()
    proto_utils.json_to_proto(exec_properties["custom_config"], custom_config)
    settings = struct_pb2.Struct()
    custom_config.custom_config.Unpack(settings)
    return settings


def _ratios(exec_properties: dict[str, Any]) -> SplitRatios | None:
    output_config = example_gen_pb2.Output()
    proto_utils.json_to_proto(exec_properties["output_config"], output_config)
    buckets = {split.name: split.hash_buckets for split in output_config.split_config.splits}
    return None if features.SCORED_SPLIT in buckets else SplitRatios(**buckets)
