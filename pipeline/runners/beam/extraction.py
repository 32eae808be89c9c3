"""Runs the extraction with Beam, without TFX."""

import os
import tempfile
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from components import storage
from components.errors import UserError
from components.file_patterns import require_no_glob_characters
from components.frame_feature_gen.extraction_progress import reporting_progress
from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import extract_frame_features, release_encoder
from components.json_lines import read_json_lines
from components.video_decoding.decoder import IsolatedDecoder
from components.video_example_gen.examples import unlabelled_example
from components.video_example_gen.transforms import Probe
from pipeline.runners.beam.args import extraction_beam_args, from_environment
from pipeline.runners.beam.local_files import match_folder_names_literally
from pipeline.runners.failure import NodeFailedError
from pipeline.runners.launching.machine import require_machine


def extract_by_beam(
    videos: Sequence[str],
    settings: ExtractionSettings,
    lines: Callable[[beam.pvalue.DoOutputsTuple], beam.PCollection],
    *,
    workers: int,
    beam_args: Sequence[str],
    report_progress: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Extracts videos outside a data set, and returns a row for each, in the same order.

    Args:
        videos: uris, each once.
        settings: the settings that determine the features.
        lines: maps the outputs of `extract_frame_features` to one JSON object per video, as text, with its `uri`.
        workers: number of threads, each with its own decoding process.
        beam_args: further Beam options; with `--temp_location`, the rows pass through that folder.
        report_progress: called with a line on how many videos are done.

    Raises:
        NodeFailedError: if Beam fails, or loses a worker.
        UserError: see `require_machine`; or if `--temp_location` has special glob characters.
    """
    require_machine()
    match_folder_names_literally()
    options = PipelineOptions(extraction_beam_args(workers, from_environment(beam_args)))
    with tempfile.TemporaryDirectory(prefix="deepfake-extract-") as folder:
        progress_dir = os.path.join(folder, "progress")
        shared = _shared_folder(options)
        require_no_glob_characters("--temp_location", shared or "")
        path = os.path.join(shared or folder, f"deepfake-rows-{uuid.uuid4().hex}.jsonl")
        os.mkdir(progress_dir)
        try:
            with reporting_progress(progress_dir, len(videos), report_progress):
                _run(options, videos, settings, lines, path, progress_dir)
        except UserError:
            raise
        except Exception as error:
            raise NodeFailedError("the extraction", error) from error
        release_encoder()
        rows = read_json_lines(path)
        storage.remove(path)
    positions = {uri: position for position, uri in enumerate(videos)}
    return sorted(rows, key=lambda row: positions[row["uri"]])


def _run(
    options: PipelineOptions,
    videos: Sequence[str],
    settings: ExtractionSettings,
    lines: Callable[[beam.pvalue.DoOutputsTuple], beam.PCollection],
    path: str,
    progress_dir: str,
) -> None:
    with beam.Pipeline(options=options) as pipeline:
        extracted = (
            pipeline
            | beam.Create(videos)
            | beam.Reshuffle()
            | "Probe" >> beam.ParDo(Probe(_record))
            | extract_frame_features(settings, progress_dir=progress_dir)
        )
        _ = lines(extracted) | beam.io.WriteToText(path, num_shards=1, shard_name_template="")


def _shared_folder(options: PipelineOptions) -> str | None:
    """Returns the folder that workers on other machines can reach, if the options name one."""
    return options.view_as(GoogleCloudOptions).temp_location


def _record(uri: str, decoder: IsolatedDecoder) -> tuple[str, bytes]:
    return "", unlabelled_example(uri, decoder).SerializeToString()
