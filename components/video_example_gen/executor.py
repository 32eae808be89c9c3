"""Finds the videos, probes them in parallel, and then decides on their splits."""

import functools
import logging
import os
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
from google.protobuf import json_format, struct_pb2
from tfx import types
from tfx.components.util import examples_utils
from tfx.dsl.components.base import base_beam_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components import features, storage
from components.dataset.entries import VideoEntry
from components.dataset.folder import read_video_folder
from components.dataset.sources import Dataset, read_dataset
from components.dataset.split_plan import SplitPlan, plan_splits
from components.dataset.splitting.both_classes import require_both_classes
from components.dataset.splitting.messages import joined_line, placement_lines
from components.dataset.splitting.pins import Pins, read_pins
from components.dataset.splitting.rules import SplitRatios, SplitRules
from components.dataset.splitting.splits_file import write_splits
from components.example_counts import record_counts
from components.file_patterns import require_no_glob_characters
from components.notices import notify
from components.printable import printable
from components.uris import is_remote, join_uri
from components.video_example_gen.ranges import read_digests, rows_of_a_range, write_ranges
from components.video_example_gen.records import copy_to_splits, renamed_groups, write_range_records
from components.video_example_gen.transforms import Probe

_RANGES = ".ranges"


class Executor(base_beam_executor.BaseBeamExecutor):
    """Makes the examples in two passes: workers write them range by range, then this process copies them to splits."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Validates the data set before any video is opened, then writes the examples.

        Raises:
            UserError: if the list of videos is invalid, or a split lacks a class; when scoring, if there are no videos.
            MachineError: if the machine is to blame for a video that cannot be read.
        """
        root, settings = exec_properties["input_base"], _settings(exec_properties)
        if not settings["fingerprint"]:
            # Only the driver then detects changed videos, and it interprets the root as a glob.
            require_no_glob_characters("data_root", root)
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        ratios = _ratios(exec_properties)
        if ratios is None:
            self._write_scored(root, examples)
        else:
            splits = artifact_utils.get_single_instance(output_dict["splits"])
            self._write_split(root, settings, ratios, examples, splits)

    def _write_split(
        self,
        root: str,
        settings: dict[str, Any],
        ratios: SplitRatios,
        examples: types.Artifact,
        splits: types.Artifact,
    ) -> None:
        rules = SplitRules(ratios, settings["by"], settings["group_by"], settings["column"], settings["names"])
        pins = read_pins(settings["pin"], rules.names) if settings["pin"] else None
        manifest = settings["manifest"]
        dataset = read_dataset(root, manifest if is_remote(manifest) or not manifest else join_uri(root, manifest), rules)
        plan = _plan(dataset, rules, pins)
        videos = zip(dataset.entries, _texts(plan.named.names_by_video()), strict=True)
        folder, ranges = self._probe(root, videos, len(dataset), examples.uri)
        rows, digests = read_digests(folder, ranges)
        plan = _plan(dataset, rules, pins, rows, digests)
        for line in (joined_line(dataset.videos, plan.equal), *placement_lines(dataset.videos, plan.groups, plan.placement, rules)):
            if line:
                notify(line)
        renamed = renamed_groups(plan.named.names_by_video(), plan.groups.names_by_video())
        copy_to_splits(folder, ranges, features.SPLITS, plan.placement.split, renamed, examples.uri)
        storage.remove_folder(folder)
        _describe(examples, dict(zip(features.SPLITS, np.bincount(plan.placement.split, minlength=3).tolist(), strict=True)))
        write_splits(splits.uri, dataset.videos, plan.groups, plan.placement, rows, digests)
        for split, by_label in plan.placement.counts(dataset.videos.label).items():
            for label, count in by_label.items():
                splits.set_int_custom_property(f"{split}_{label}", count)

    def _write_scored(self, root: str, examples: types.Artifact) -> None:
        found = read_video_folder(root)
        if found.labels_refused:
            logging.warning("The videos are taken for unlabelled: %s", printable(found.labels_refused))
        videos = ((entry, "") for entry in found.entries)
        folder, ranges = self._probe(root, videos, len(found.entries), examples.uri)
        split = np.zeros(len(found.entries), np.int8)
        copy_to_splits(folder, ranges, [features.SCORED_SPLIT], split, {}, examples.uri)
        storage.remove_folder(folder)
        _describe(examples, {features.SCORED_SPLIT: len(found.entries)})

    def _probe(
        self, root: str, videos: Iterable[tuple[VideoEntry, str]], count: int, examples_uri: str
    ) -> tuple[str, int]:
        """Writes the examples of all videos in ranges, and returns their folder and number."""
        # Workers on other machines reach the artifact's place, and no other of this node's.
        folder = os.path.join(examples_uri, _RANGES)
        ranges = write_ranges(folder, videos, rows_of_a_range(count))
        make = functools.partial(write_range_records, data_root=root, folder=folder)
        with self._make_beam_pipeline() as pipeline:
            pipeline | beam.Create(range(ranges)) | beam.Reshuffle() | beam.ParDo(Probe(make))
        return folder, ranges


def _plan(
    dataset: Dataset,
    rules: SplitRules,
    pins: Pins | None,
    rows: np.ndarray | None = None,
    digests: np.ndarray | None = None,
) -> SplitPlan:
    plan = plan_splits(dataset.videos, rules, pins, rows, digests)
    listed_in = dataset.source.listed_in
    require_both_classes(dataset.videos, plan.groups, plan.placement, rules, pins=pins, listed_in=listed_in)
    return plan


def _texts(texts: Any) -> Iterator[str]:
    return (text.as_py() for text in texts)


def _describe(examples: types.Artifact, counts: dict[str, int]) -> None:
    """Records what TFX's nodes read of examples, and the numbers."""
    examples.split_names = artifact_utils.encode_split_names(list(counts))
    examples_utils.set_payload_format(examples, example_gen_pb2.FORMAT_TF_EXAMPLE)
    examples_utils.set_file_format(examples, "tfrecords_gzip")
    for split, count in counts.items():
        examples.set_int_custom_property(f"records_{split}", count)
    record_counts(examples, counts)


def _settings(exec_properties: dict[str, Any]) -> dict[str, Any]:
    custom_config = example_gen_pb2.CustomConfig()
    proto_utils.json_to_proto(exec_properties["custom_config"], custom_config)
    settings = struct_pb2.Struct()
    custom_config.custom_config.Unpack(settings)
    return json_format.MessageToDict(settings)


def _ratios(exec_properties: dict[str, Any]) -> SplitRatios | None:
    output_config = example_gen_pb2.Output()
    proto_utils.json_to_proto(exec_properties["output_config"], output_config)
    buckets = {split.name: split.hash_buckets for split in output_config.split_config.splits}
    return None if features.SCORED_SPLIT in buckets else SplitRatios(**buckets)
