"""Runs the extraction over all splits and accounts for every video: it ends up as features or in quarantine."""

import json
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
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
from components.example_counts import record_counts, recorded_counts, require_counts
from components.frame_feature_gen.extraction_progress import reporting_progress
from components.frame_feature_gen.outcome import ADDED, CLIP, COUNTS_FILE, counted, read_outcome_counts
from components.frame_feature_gen.quarantine_gate import require_few_quarantined, require_sound_machine
from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import extract_frame_features, keep_first_videos, release_encoder
from components.json_lines import json_line
from components.node_progress import report_progress
from components.quarantine import QUARANTINE_FILE, read_quarantine
from components.served_model.encoder import read_description
from components.served_model.face_tracks import FaceTracks
from components.served_model.folder import open_model, saved_model_path
from components.served_model.model_windows import tracks_of
from components.served_model.window_options import WindowOptions
from components.video_decoding.windows import WHOLE
from components.video_order import SAMPLE

_DECISIVE = ("sampling", "frames", "crop", "hdr", "min_frames", "face_detector", "face_model_digest")
_SAMPLED_SPLIT = "eval"


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
            MachineError: if the machine failed twice on a video.
            UserError: on anomalies in the video examples, if they are not as many as were recorded, if
                `max_quarantine_ratio` is exceeded, if a split has no video left, if the face detector is unavailable,
                or if the model that supplies the settings is damaged.
        """
        for anomalies in input_dict.get("anomalies", ()):
            require_no_anomalies(anomalies.uri)
        videos = artifact_utils.get_single_instance(input_dict["videos"])
        encoder = artifact_utils.get_single_instance(input_dict["encoder"])
        quarantine = artifact_utils.get_single_instance(output_dict["quarantine"])
        splits = artifact_utils.decode_split_names(videos.split_names)
        parts = _parts(output_dict, splits)

        encoder_path = saved_model_path(path_utils.serving_model_path(encoder.uri))
        settings = ExtractionSettings(
            data_root=exec_properties["data_root"],
            encoder_path=encoder_path,
            frame_size=read_description(encoder_path).frame_size,
            cache_dir=exec_properties["cache_dir"],
            timeout_s=exec_properties["timeout_s"],
            memory_bytes=exec_properties["memory_mb"] << 20,
            face_model=exec_properties["face_model"],
            **_decisive(exec_properties, encoder_path),
        )
        faces = _faces(exec_properties)
        # Fails here once, rather than in each worker of a started pipeline.
        settings.face_detection()
        videos_given = sum(recorded_counts(videos).values())
        with (
            tempfile.TemporaryDirectory(prefix="deepfake-progress-", ignore_cleanup_errors=True) as progress_dir,
            reporting_progress(progress_dir, videos_given, report_progress),
        ):
            self._extract(
                settings,
                {split: _split_uri(videos, split) for split in splits},
                {split: _split_uri(artifact, split) for artifact, held in parts for split in held},
                sample=_sample_uri(output_dict),
                quarantine_uri=quarantine.uri,
                progress_dir=progress_dir,
                added={name: exec_properties[name] for name in ADDED},
                main_face=faces is not None and faces.train_on == "main",
            )
        release_encoder()

        rows = read_quarantine(quarantine.uri)
        require_sound_machine(rows)
        counts = read_outcome_counts(quarantine.uri)
        extracted = {split: counts[split, "decoded"] + counts[split, "cached"] for split in splits}
        read = {split: extracted[split] + counts[split, "quarantined"] for split in splits}
        require_counts(videos.uri, read, recorded_counts(videos))
        for artifact, held in parts:
            for split in held:
                artifact.set_int_custom_property(f"records_{split}", extracted[split])
            record_counts(artifact, {split: counts[split, CLIP] for split in held})
            for name in ("cached", "truncated", *ADDED):
                artifact.set_int_custom_property(name, sum(counts[split, name] for split in held))
        if "serving_examples" in output_dict:
            sample = artifact_utils.get_single_instance(output_dict["serving_examples"])
            record_counts(sample, {_SAMPLED_SPLIT: min(SAMPLE, extracted[_SAMPLED_SPLIT])})
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
        sources: Mapping[str, str],
        targets: Mapping[str, str],
        *,
        sample: str | None,
        quarantine_uri: str,
        progress_dir: str,
        added: Mapping[str, int],
        main_face: bool,
    ) -> None:
        """Extracts from `sources` to `targets`, the splits' folders, and from eval a few once more to `sample`."""
        splits = list(sources)
        with self._make_beam_pipeline() as pipeline:
            records = [
                pipeline
                | f"Read[{split}]" >> beam.io.ReadFromTFRecord(os.path.join(uri, "*"))
                | f"Tag[{split}]" >> beam.Map(lambda record, split: (split, record), split)
                for split, uri in sources.items()
            ]
            extracted, quarantined, outcomes = (
                records
                | beam.Flatten()
                | extract_frame_features(settings, progress_dir=progress_dir, main_face=main_face, **added)
            )
            parts = extracted | beam.Partition(_split_index, len(splits), splits)
            examples = {
                split: part | f"Drop tag[{split}]" >> beam.Values() for split, part in zip(splits, parts, strict=True)
            }
            for split, part in examples.items():
                _ = part | f"Write[{split}]" >> _write_examples(targets[split])
            if sample is not None:
                few = examples[_SAMPLED_SPLIT] | keep_first_videos(SAMPLE)
                _ = few | "Write sample" >> _write_examples(sample)
            _ = quarantined | beam.Map(json_line) | "Write quarantine" >> _write_lines(quarantine_uri, QUARANTINE_FILE)
            _ = (
                outcomes
                | beam.FlatMap(counted)
                | beam.combiners.Count.PerElement()
                | "To line" >> beam.Map(json_line)
                | "Write counts" >> _write_lines(quarantine_uri, COUNTS_FILE)
            )


def _decisive(exec_properties: dict[str, Any], encoder_path: str) -> dict[str, Any]:
    """Returns the settings that determine the features, as given or as the model takes videos."""
    if exec_properties.get("sampling"):
        faces = _faces(exec_properties)
        windowing, tracks, given = WHOLE, faces.choice if faces else None, exec_properties
    else:
        model = open_model(encoder_path)
        options = WindowOptions(**json.loads(exec_properties.get("window_options") or "{}"))
        windowing, tracks, given = options.windowing(model), tracks_of(model.description), vars(model.description)
    return {**{name: given[name] for name in _DECISIVE if name in given}, "windowing": windowing, "tracks": tracks}


def _faces(exec_properties: dict[str, Any]) -> FaceTracks | None:
    given = exec_properties.get("faces")
    return FaceTracks.model_validate_json(given) if given else None


def _parts(
    output_dict: dict[str, list[types.Artifact]], splits: Sequence[str]
) -> list[tuple[types.Artifact, list[str]]]:
    """Returns the artifacts that hold all examples, each with its splits."""
    by_key: dict[str, list[str]] = {}
    for split in splits:
        by_key.setdefault(features.OUTPUT_OF_SPLIT[split], []).append(split)
    return [(_holding(output_dict[key], held), held) for key, held in by_key.items()]


def _sample_uri(output_dict: dict[str, list[types.Artifact]]) -> str | None:
    if "serving_examples" not in output_dict:
        return None
    return _split_uri(_holding(output_dict["serving_examples"], [_SAMPLED_SPLIT]), _SAMPLED_SPLIT)


def _holding(artifacts: list[types.Artifact], splits: list[str]) -> types.Artifact:
    """Returns the only artifact, with what it holds declared."""
    artifact = artifact_utils.get_single_instance(artifacts)
    artifact.split_names = artifact_utils.encode_split_names(splits)
    examples_utils.set_payload_format(artifact, example_gen_pb2.FORMAT_TF_EXAMPLE)
    return artifact


def _split_uri(examples: types.Artifact, split: str) -> str:
    return artifact_utils.get_split_uri([examples], split)


def _write_examples(uri: str) -> beam.io.WriteToTFRecord:
    return beam.io.WriteToTFRecord(os.path.join(uri, "data_tfrecord"), file_name_suffix=".gz")


def _write_lines(uri: str, name: str) -> beam.io.WriteToText:
    return beam.io.WriteToText(os.path.join(uri, name), num_shards=1, shard_name_template="")


def _split_index(element: tuple[str, bytes], _: int, splits: list[str]) -> int:
    return splits.index(element[0])
