"""Runs the extraction over all splits and keeps the books: every video ends as features or in quarantine."""

import collections
import json
import logging
import os
from typing import Any

import apache_beam as beam
import tensorflow as tf
from tfx import types
from tfx.components.util import examples_utils
from tfx.dsl.components.base import base_beam_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.frame_feature_gen.anomalies import require_no_anomalies
from components.frame_feature_gen.extraction import ExtractionSettings
from components.frame_feature_gen.quarantine_gate import require_few_quarantined
from components.frame_feature_gen.transforms import (
    CACHED,
    COUNTS,
    DECODED,
    QUARANTINED,
    TRUNCATED,
    ExtractFrameFeatures,
    to_json_line,
)
from components.quarantine import QuarantineRow

QUARANTINE_FILE = "quarantine.jsonl"
COUNTS_FILE = "counts.jsonl"
# Videos that a worker takes at once; only the first of them is not decoded while another is encoded.
_BATCH = 16


class Executor(base_beam_executor.BaseBeamExecutor):
    """Video examples and an encoder in; frame-feature examples and a quarantine out."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Extracts all splits.

        Raises:
            UserError: on anomalies in the video examples, or above `max_quarantine_ratio`.
        """
        for anomalies in input_dict.get("anomalies", ()):
            require_no_anomalies(anomalies.uri)
        videos = artifact_utils.get_single_instance(input_dict["videos"])
        encoder = artifact_utils.get_single_instance(input_dict["encoder"])
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        quarantine = artifact_utils.get_single_instance(output_dict["quarantine"])
        examples.split_names = videos.split_names
        examples_utils.set_payload_format(examples, example_gen_pb2.FORMAT_TF_EXAMPLE)

        settings = ExtractionSettings(
            data_root=exec_properties["data_root"],
            encoder_path=path_utils.serving_model_path(encoder.uri),
            sampling=exec_properties["sampling"],
            cache_dir=exec_properties["cache_dir"],
            min_frames=exec_properties["min_frames"],
            timeout_s=exec_properties["timeout_s"],
            memory_bytes=exec_properties["memory_mb"] << 20,
        )
        self._extract(settings, videos, examples, quarantine.uri)

        rows = read_quarantine(quarantine.uri)
        counts = _read_counts(quarantine.uri)
        splits = artifact_utils.decode_split_names(videos.split_names)
        extracted = {split: counts[split, DECODED] + counts[split, CACHED] for split in splits}
        for split, count in extracted.items():
            examples.set_int_custom_property(f"records_{split}", count)
        for name in (CACHED, TRUNCATED):
            examples.set_int_custom_property(name, sum(counts[split, name] for split in splits))
        quarantine.set_int_custom_property("records", len(rows))
        videos_done = sum(extracted.values())
        logging.info("Frame features of %d videos, %d in quarantine: %s", videos_done, len(rows), dict(counts))
        require_few_quarantined(rows, videos_done + len(rows), exec_properties["max_quarantine_ratio"])

    def _extract(
        self,
        settings: ExtractionSettings,
        videos: types.Artifact,
        examples: types.Artifact,
        quarantine_uri: str,
    ) -> None:
        splits = artifact_utils.decode_split_names(videos.split_names)
        one_thread = any("multi_processing" in argument for argument in self._beam_pipeline_args)
        with self._make_beam_pipeline() as pipeline:
            records = [
                pipeline
                | f"Read[{split}]" >> beam.io.ReadFromTFRecord(_pattern(videos, split))
                | f"Tag[{split}]" >> beam.Map(lambda record, split: (split, record), split)
                for split in splits
            ]
            extracted, quarantined, counts = (
                records
                | beam.Flatten()
                | beam.Reshuffle()
                | beam.BatchElements(min_batch_size=_BATCH, max_batch_size=_BATCH)
                | beam.ParDo(ExtractFrameFeatures(settings, one_thread=one_thread)).with_outputs(
                    QUARANTINED, COUNTS, main="features"
                )
            )
            parts = extracted | beam.Partition(_split_index, len(splits), splits)
            for split, part in zip(splits, parts, strict=True):
                prefix = os.path.join(artifact_utils.get_split_uri([examples], split), "data_tfrecord")
                _ = (
                    part
                    | f"Drop tag[{split}]" >> beam.Values()
                    | f"Write[{split}]" >> beam.io.WriteToTFRecord(prefix, file_name_suffix=".gz")
                )
            _ = (
                quarantined
                | beam.Map(to_json_line)
                | "Write quarantine" >> _write_lines(quarantine_uri, QUARANTINE_FILE)
            )
            _ = (
                counts
                | beam.combiners.Count.PerElement()
                | "To line" >> beam.Map(json.dumps)
                | "Write counts" >> _write_lines(quarantine_uri, COUNTS_FILE)
            )


def read_quarantine(uri: str) -> list[QuarantineRow]:
    """Reads all rows of the quarantine artifact at `uri`."""
    return [QuarantineRow(**row) for row in _read_lines(uri, QUARANTINE_FILE)]


def _read_counts(uri: str) -> collections.Counter[tuple[str, str]]:
    return collections.Counter({(split, name): count for (split, name), count in _read_lines(uri, COUNTS_FILE)})


def _read_lines(uri: str, name: str) -> list[Any]:
    with tf.io.gfile.GFile(os.path.join(uri, name)) as file:
        return [json.loads(line) for line in file.read().splitlines()]


def _write_lines(uri: str, name: str) -> beam.io.WriteToText:
    return beam.io.WriteToText(os.path.join(uri, name), num_shards=1, shard_name_template="")


def _pattern(examples: types.Artifact, split: str) -> str:
    return os.path.join(artifact_utils.get_split_uri([examples], split), "*")


def _split_index(element: tuple[str, bytes], _: int, splits: list[str]) -> int:
    return splits.index(element[0])
