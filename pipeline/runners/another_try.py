"""Gives videos another try that an earlier run refused and the machine may be to blame for."""

from collections.abc import Sequence
from typing import Any, Final

from components.frame_feature_gen.settings import ExtractionSettings, settings_of_training
from components.passing_trouble import Blame
from components.quarantine import QuarantineRow, read_quarantine
from components.served_model.folder import open_model
from components.uris import join_uri
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy
from components.video_errors import Reason, VideoError
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.runs.folders import holds_run, store_path
from pipeline.runs.store import connect, latest_finished
from pipeline.terminal.console import Console, status

_NODE: Final = "FrameFeatureGen"


def extraction_attempt(config: TrainingConfig | ScoringConfig, console: Console) -> str:
    """Returns the parameter `attempt` for FrameFeatureGen.

    It stays as it was, so that the node is taken from the cache, unless a video can be used now that the last
    extraction refused without being sure that the video was to blame.
    """
    if not holds_run(config.run_dir):
        return ""
    last = latest_finished(connect(store_path(config.run_dir)), config.name, _NODE)
    if last is None:
        return ""
    (quarantine,) = (output.uri for output in last.outputs if output.key == "quarantine")
    try:
        doubtful = [row for row in read_quarantine(quarantine) if row.blame == Blame.UNCLEAR.value]
    except OSError:
        # Without its files, the node is not taken from the cache in any case.
        doubtful = []
    if doubtful and _any_usable(doubtful, _settings(config), console):
        return str(last.id)
    return str(last.parameters.get("attempt", ""))


def _any_usable(rows: Sequence[QuarantineRow], settings: ExtractionSettings, console: Console) -> bool:
    decoder = IsolatedDecoder(
        timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=settings.face_detection()
    )
    said = f"trying {len(rows)} videos again that the last run could not use"
    try:
        with status(said, console):
            # The first that can be used decides, so those that take longest are last.
            return any(
                _usable(join_uri(settings.data_root, row.uri), settings, decoder)
                for row in sorted(rows, key=lambda row: row.reason == Reason.TIMEOUT.value)
            )
    finally:
        decoder.close()


def _usable(uri: str, settings: ExtractionSettings, decoder: IsolatedDecoder) -> bool:
    try:
        with local_copy(uri) as path:
            clip = settings.decode(decoder, path)
    except VideoError:
        return False
    return not clip.truncated or clip.good_frames >= settings.min_frames


def _settings(config: TrainingConfig | ScoringConfig) -> ExtractionSettings:
    if isinstance(config, ScoringConfig):
        return settings_of_training(
            open_model(config.model).description,
            data_root=config.data.root,
            encoder_path="",
            cache_dir="",
            face_model=config.extraction.face_model,
            timeout_s=config.extraction.timeout_s,
            memory_mb=config.extraction.memory_mb,
        )
    extraction = config.extraction
    faces: dict[str, Any] = extraction.face_detection
    return ExtractionSettings(
        data_root=config.data.root,
        encoder_path="",
        frame_size=config.encoder.frame_size,
        cache_dir="",
        timeout_s=extraction.timeout_s,
        memory_bytes=extraction.memory_mb << 20,
        sampling=extraction.sampling,
        frames=extraction.frames,
        crop=extraction.crop,
        hdr=extraction.hdr,
        min_frames=extraction.min_frames,
        tracks=config.tracks,
        **faces,
    )
