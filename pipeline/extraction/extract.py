"""The extraction alone, without TFX: fills the feature cache, so that a run later only reads it."""

import collections
import dataclasses
import os
import tempfile
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import apache_beam as beam
import tensorflow as tf
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from components.errors import UserError
from components.file_patterns import require_plain
from components.frame_feature_gen.extraction import ExtractionSettings
from components.frame_feature_gen.outcome import Outcome
from components.frame_feature_gen.progress import progress_told
from components.frame_feature_gen.transforms import OUTCOMES, extract_frame_features, release_encoder
from components.json_lines import json_line, read_json_lines
from components.video_decoding.decoder import IsolatedDecoder
from components.video_example_gen.examples import unlabelled_example
from components.video_example_gen.transforms import Probe
from pipeline.config.training import TrainingConfig
from pipeline.extraction.encoder import cached_encoder
from pipeline.inputs.paths import find_videos
from pipeline.inputs.training import pin_model_files
from pipeline.runners.beam.args import extraction_beam_args, from_environment
from pipeline.runners.beam.local_files import take_folders_literally
from pipeline.terminal.console import Console, print_fields, print_json, status
from pipeline.terminal.table import Column, GivesWay, print_table

SOME_QUARANTINED = 3
"""The exit code where some videos could not be used."""


def extract(paths: Sequence[str], config: TrainingConfig, console: Console, *, as_json: bool) -> int:
    """Decodes and encodes videos into the feature cache, and prints what became of them.

    Args:
        paths: files, globs or folders.
        config: its sections `encoder` and `extraction` decide the features; `feature_cache_dir` keeps them.
        console: where to print.
        as_json: print one JSON object with `features` (count), `decoded`, `cached`, `truncated` (counts of these),
            `quarantined` (count by reason) and `rows` (one for each video).

    Returns:
        The exit code: 0, or 3 if some videos are in quarantine.

    Raises:
        UserError: for a path that is not there, or where nothing would be kept.
    """
    if not config.feature_cache_dir:
        raise UserError("extraction.cache_dir is none, so nothing would be kept; type --cache-dir DIR")
    videos = find_videos(paths)
    config = pin_model_files(config)
    settings = ExtractionSettings(
        data_root="",
        encoder_path=cached_encoder(config, videos),
        sampling=config.extraction.sampling,
        cache_dir=config.feature_cache_dir,
        min_frames=config.extraction.min_frames,
        timeout_s=config.extraction.timeout_s,
        memory_bytes=config.extraction.memory_mb << 20,
        crop=config.extraction.crop,
        hdr=config.extraction.hdr,
        **config.extraction.face_detection,
    )
    workers = min(config.extraction.workers or os.cpu_count() or 1, len(videos))
    with status(f"0 of {len(videos):,} videos", console, shown=not as_json) as tell:
        outcomes = _extract_all(videos, settings, workers, config.beam_args, tell)
    if as_json:
        print_json(to_json(outcomes), console)
    else:
        render(outcomes, config.feature_cache_dir, console)
    return SOME_QUARANTINED if any(outcome.state == "quarantined" for outcome in outcomes) else 0


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The outcomes and their counts as plain objects."""
    states = collections.Counter(outcome.state for outcome in outcomes)
    return {
        "features": states["decoded"] + states["cached"],
        "decoded": states["decoded"],
        "cached": states["cached"],
        "truncated": sum(outcome.truncated for outcome in outcomes),
        "quarantined": dict(collections.Counter(outcome.reason for outcome in outcomes if outcome.reason)),
        "rows": [_row(outcome) for outcome in outcomes],
    }


def render(outcomes: Sequence[Outcome], cache_dir: str, console: Console) -> None:
    """Prints what became of the videos, with one of each kind by name."""
    kinds: dict[str, list[Outcome]] = collections.defaultdict(list)
    for outcome in outcomes:
        kinds[f"quarantined: {outcome.reason}" if outcome.reason else f"features, {outcome.state}"].append(outcome)
        if outcome.truncated and not outcome.reason:
            kinds["of these truncated"].append(outcome)
    columns = [
        Column("videos"),
        Column("count", right=True),
        Column("for example", gives_way=GivesWay.BY_ITS_MIDDLE),
        Column("detail", gives_way=GivesWay.BY_ITS_END),
    ]
    ordered = sorted(kinds, key=lambda kind: (kind.startswith("quarantined"), kind.startswith("of these"), kind))
    rows = [(kind, f"{len(kinds[kind]):,}", kinds[kind][0].uri, kinds[kind][0].detail) for kind in ordered]
    print_table(columns, rows, console, ruled=True)
    console.print()
    print_fields({"feature cache": cache_dir}, console, width=14)


def _extract_all(
    videos: Sequence[str],
    settings: ExtractionSettings,
    workers: int,
    beam_args: Sequence[str],
    tell: Callable[[str], None],
) -> list[Outcome]:
    def lines(extracted: beam.pvalue.DoOutputsTuple) -> beam.PCollection:
        return extracted[OUTCOMES] | beam.Map(json_line)

    rows = extract_by_beam(videos, settings, lines, workers=workers, beam_args=beam_args, tell=tell)
    return [Outcome(**row) for row in rows]


def extract_by_beam(
    videos: Sequence[str],
    settings: ExtractionSettings,
    lines: Callable[[beam.pvalue.DoOutputsTuple], beam.PCollection],
    *,
    workers: int,
    beam_args: Sequence[str],
    tell: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Extracts videos that are in no data set, and gives a row for each, in their order.

    Args:
        videos: uris, each once.
        settings: what decides the features.
        lines: from what `extract_frame_features` gives to one JSON object a video, as text, with its `uri`.
        workers: threads, each with a decoder in a process of its own.
        beam_args: further options of Beam; with `--temp_location`, the rows pass through that folder.
        tell: takes a line on the progress.
    """
    take_folders_literally()
    options = PipelineOptions(extraction_beam_args(workers, from_environment(beam_args)))
    with tempfile.TemporaryDirectory(prefix="deepfake-extract-") as folder:
        progress_dir = os.path.join(folder, "progress")
        shared = _shared_folder(options)
        require_plain("--temp_location", shared or "")
        path = os.path.join(shared or folder, f"deepfake-rows-{uuid.uuid4().hex}.jsonl")
        os.mkdir(progress_dir)
        with progress_told(progress_dir, len(videos), tell), beam.Pipeline(options=options) as pipeline:
            extracted = (
                pipeline
                | beam.Create(videos)
                | beam.Reshuffle()
                | "Probe" >> beam.ParDo(Probe(_record))
                | extract_frame_features(settings, progress_dir=progress_dir)
            )
            _ = lines(extracted) | beam.io.WriteToText(path, num_shards=1, shard_name_template="")
        release_encoder()
        rows = read_json_lines(path)
        tf.io.gfile.remove(path)
    positions = {uri: position for position, uri in enumerate(videos)}
    return sorted(rows, key=lambda row: positions[row["uri"]])


def _shared_folder(options: PipelineOptions) -> str | None:
    """A folder that workers on other machines reach, if the options name one."""
    return options.view_as(GoogleCloudOptions).temp_location


def _record(uri: str, decoder: IsolatedDecoder) -> tuple[str, bytes]:
    return "", unlabelled_example(uri, decoder).SerializeToString()


def _row(outcome: Outcome) -> dict[str, Any]:
    row = dataclasses.asdict(outcome)
    del row["split"]
    return row
