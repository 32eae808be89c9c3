"""Runs the extraction over all splits and accounts for every video: it ends up as features or in quarantine."""

import logging
import os
import tempfile
from typing import Any

import apache_beam as beam
from tfx import types
from tfx.components.util import examples_utils
from tfx.dsl.components.base import base_beam_executor
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components import features
from components.anomalies import require_no_anomalies
from components.emptied_splits import require_videos
from components.frame_feature_gen.extraction_progress import reporting_progress
from components.frame_feature_gen.outcome import COUNTS_FILE, counted, read_outcome_counts
from components.frame_feature_gen.quarantine_gate import require_few_quarantined
from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import extract_frame_features, release_encoder
from components.json_lines import json_line
from components.node_progress import report_progress
from components.quarantine import QUARANTINE_FILE, read_quarantine
from components.served_model.folder import open_model, saved_model_path

_DECISIVE = ("sampling", "crop", "hdr", "min_frames", "face_detector", "face_model_digest")


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
            UserError: on anomalies in the video examples, if `max_quarantine_ratio` is exceeded, if a split has no
                video left, if the face detector is unavailable, or if the model that supplies the settings is damaged.
        """
        for anomalies in input_dict.get("anomalies", ()):
            require_no_anomalies(anomalies.uri)
        videos = artifact_utils.get_single_instance(input_dict["videos"])
        encoder = artifact_utils.get_single_instance(input_dict["encoder"])
        examples = artifact_utils.get_single_instance(output_dict["examples"])
        quarantine = artifact_utils.get_single_instance(output_dict["quarantine"])
        examples.split_names = videos.split_names
        examples_utils.set_payload_format(examples, example_gen_pb2.FORMAT_TF_EXAMPLE)

        encoder_path = saved_model_path(path_utils.serving_model_path(encoder.uri))
        settings = ExtractionSettings(
            data_root=exec_properties["data_root"],
            encoder_path=encoder_path,
            cache_dir=exec_properties["cache_dir"],
            timeout_s=exec_properties["timeout_s"],
            memory_bytes=exec_properties["memory_mb"] << 20,
            face_model=exec_properties["face_model"],
            **_decisive(exec_properties, encoder_path),
        )
        # Fails here once, rather than in each worker of a started pipeline.
        settings.face_detection()
        splits = artifact_utils.decode_split_names(videos.split_names)
        videos_given = sum(videos.get_int_custom_property(f"records_{split}") for split in splits)
        with (
            tempfile.TemporaryDirectory(prefix="deepfake-progress-") as progress_dir,
            reporting_progress(progress_dir, videos_given, report_progress),
        ):
            self._extract(settings, videos, examples, quarantine.uri, progress_dir, exec_properties["self_blended"])
        release_encoder()

        rows = read_quarantine(quarantine.uri)
        counts = read_outcome_counts(quarantine.uri)
        extracted = {split: counts[split, "decoded"] + counts[split, "cached"] for split in splits}
        for split, count in extracted.items():
            examples.set_int_custom_property(f"records_{split}", count)
        for name in ("cached", "truncated", "self_blended"):
            examples.set_int_custom_property(name, sum(counts[split, name] for split in splits))
        quarantine.set_int_custom_property("records", len(rows))
        videos_done = sum(extracted.values())
        logging.info("Frame features of %d videos, %d in quarantine: %s", videos_done, len(rows), dict(counts))
        max_ratio = exec_properties.get("max_quarantine_ratio")
        if max_ratio is not None:
            require_few_quarantined(rows, videos_done + len(rows), max_ratio)
        for split in filter(features.SPLITS.__contains__, splits):
            refused = f"{counts[split, 'quarantined']} of its videos are in quarantine"
            require_videos(split, extracted[split], refused=refused)

    def _extract(
        self,
        settings: ExtractionSettings,
        videos: types.Artifact,
        examples: types.Artifact,
        quarantine_uri: str,
        progress_dir: str,
        self_blended: int,
    ) -> None:
        splits = artifact_utils.decode_split_names(videos.split_names)
        with self._make_beam_pipeline() as pipeline:
            records = [
                pipeline
                | f"Read[{split}]" >> beam.io.ReadFromTFRecord(_pattern(videos, split))
                | f"Tag[{split}]" >> beam.Map(lambda record, split: (split, record), split)
                for split in splits
            ]
            extracted, quarantined, outcomes = (
                records
                | beam.Flatten()
                | extract_frame_features(settings, progress_dir=progress_dir, self_blended=self_blended)
            )
            parts = extracted | beam.Partition(_split_index, len(splits), splits)
            for split, part in zip(splits, parts, strict=True):
                prefix = os.path.join(artifact_utils.get_split_uri([examples], split), "data_tfrecord")
                _ = (
                    part
                    | f"Drop tag[{split}]" >> beam.Values()
                    | f"Write[{split}]" >> beam.io.WriteToTFRecord(prefix, file_name_suffix=".gz")
                )
            _ = quarantined | beam.Map(json_line) | "Write quarantine" >> _write_lines(quarantine_uri, QUARANTINE_FILE)
            _ = (
                outcomes
                | beam.FlatMap(counted)
                | beam.combiners.Count.PerElement()
                | "To line" >> beam.Map(json_line)
                | "Write counts" >> _write_lines(quarantine_uri, COUNTS_FILE)
            )


def _decisive(exec_properties: dict[str, Any], encoder_path: str) -> dict[str, Any]:
    """Returns the settings that determine the features, as given or as in the model's training."""
    given = exec_properties if exec_properties.get("sampling") else vars(open_model(encoder_path).description)
    return {name: given[name] for name in _DECISIVE if name in given}


def _write_lines(uri: str, name: str) -> beam.io.WriteToText:
    return beam.io.WriteToText(os.path.join(uri, name), num_shards=1, shard_name_template="")


def _pattern(examples: types.Artifact, split: str) -> str:
    return os.path.join(artifact_utils.get_split_uri([examples], split), "*")


def _split_index(element: tuple[str, bytes], _: int, splits: list[str]) -> int:
    return splits.index(element[0])
