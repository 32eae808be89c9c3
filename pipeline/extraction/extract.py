"""Extraction without TFX: fills the feature cache, so that a later run only reads it."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.errors import UserError
from components.frame_feature_gen.outcome import Outcome
from components.frame_feature_gen.settings import ExtractionSettings
from components.json_lines import json_line
from components.output_files import require_writable_folder
from pipeline.config.training import TrainingConfig
from pipeline.inputs.paths import find_videos
from pipeline.inputs.reachable import require_reachable
from pipeline.inputs.training import pin_model_files
from pipeline.terminal.console import Console, loading, status

if TYPE_CHECKING:
    import apache_beam as beam


def extract(paths: Sequence[str], config: TrainingConfig, console: Console, *, shown: bool = True) -> list[Outcome]:
    """Decodes and encodes videos into the feature cache, and returns the outcome of each.

    Args:
        paths: files, globs or folders.
        config: its sections `encoder` and `extraction` determine the features; `feature_cache_dir` stores them.
        console: where to show the progress.
        shown: whether to show it.

    Raises:
        UserError: if a path does not exist, or there is no cache.
    """
    if not config.feature_cache_dir:
        raise UserError("extraction.cache_dir is none, so nothing would be kept; type --cache-dir DIR")
    require_reachable({"--cache-dir": config.feature_cache_dir})
    require_writable_folder("--cache-dir", config.feature_cache_dir)
    videos = find_videos(paths)
    config = pin_model_files(config)
    # Imported late: what was typed is checked first.
    with loading("TensorFlow, Beam and the encoder", console, shown=shown):
        from pipeline.extraction.encoder import cached_encoder
        from pipeline.runners.beam.extraction import extract_by_beam

        encoder_path = cached_encoder(config, videos)
    faces = config.extraction.face_detection
    settings = ExtractionSettings(
        data_root="",
        encoder_path=encoder_path,
        sampling=config.extraction.sampling,
        frames=config.extraction.frames,
        frame_size=config.encoder.frame_size,
        cache_dir=config.feature_cache_dir,
        min_frames=config.extraction.min_frames,
        timeout_s=config.extraction.timeout_s,
        memory_bytes=config.extraction.memory_mb << 20,
        crop=config.extraction.crop,
        hdr=config.extraction.hdr,
        face_detector=faces["face_detector"],
        face_model=faces["face_model"],
        face_model_digest=faces["face_model_digest"],
        tracks=config.tracks,
    )
    workers = min(config.extraction.workers or os.cpu_count() or 1, len(videos))
    with status(f"0 of {len(videos):,} videos", console, shown=shown) as report_progress:
        rows = extract_by_beam(
            videos,
            settings,
            _lines,
            workers=workers,
            beam_args=config.beam_args,
            report_progress=report_progress,
        )
    return [Outcome(**row) for row in rows]


def _lines(extracted: "beam.pvalue.DoOutputsTuple") -> "beam.PCollection":
    import apache_beam as beam

    from components.frame_feature_gen.transforms import OUTCOMES

    return extracted[OUTCOMES] | beam.Map(json_line)
