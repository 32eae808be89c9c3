"""`deepfake serve`: a small service for one model."""

import os
from typing import Annotated

import typer

from components.errors import UserError
from components.video_decoding.decoding_limits import MEMORY_MB, TIMEOUT_S
from pipeline.cli.options import FaceModel, MemoryMb, Model, RunsDir, Timeout
from pipeline.serve.requests.limits import Limits
from pipeline.terminal.console import Console, loading

_HERE = "127.0.0.1"
_DEFAULT = Limits()
_HELD_UPLOADS = 20
# Twice what a float32 takes as text.
_FEATURE_BYTES = 50


def serve(
    model: Model = "",
    host: Annotated[str, typer.Option(help="The address to listen on; there is no log-in.")] = _HERE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(help="A further name that callers use, as that of a proxy; *.DOMAIN and * may be given, too."),
    ] = None,
    max_upload_mb: Annotated[int, typer.Option(min=1, help="MiB of the largest upload.")] = _DEFAULT.upload_bytes >> 20,
    upload_timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that an upload may take.")
    ] = _DEFAULT.upload_s,
    max_disk_mb: Annotated[
        int, typer.Option(min=0, help=f"MiB of all uploads at a time; 0 = {_HELD_UPLOADS} of the largest size.")
    ] = 0,
    at_work: Annotated[int, typer.Option(min=0, help="Videos scored at a time; 0 = one for each core.")] = 0,
    waiting: Annotated[int, typer.Option(min=0, help="Requests that may wait beyond those.")] = _DEFAULT.waiting,
    sync_seconds: Annotated[
        float, typer.Option(min=0, help="Of the longest video whose caller waits; others become jobs.")
    ] = _DEFAULT.sync_s,
    max_jobs: Annotated[int, typer.Option(min=1, help="Jobs that are kept, at work or ended.")] = _DEFAULT.jobs,
    job_timeout: Annotated[float, typer.Option(min=1, help="Seconds that a job may take.")] = _DEFAULT.job_s,
    job_age: Annotated[
        float, typer.Option(min=1, help="Seconds after which a job that has ended is forgotten.")
    ] = _DEFAULT.job_age_s,
    timeout: Timeout = TIMEOUT_S,
    memory_mb: MemoryMb = MEMORY_MB,
    face_model: FaceModel = "",
    runs_dir: RunsDir = "runs",
) -> None:
    """Serves a pushed model: a page to upload a video on, and POST /score for programs."""
    from components.served_model.folder import open_model
    from pipeline.runs.pushed_models import choose_model

    if 0 < max_disk_mb < max_upload_mb:
        raise UserError(
            f"--max-disk-mb {max_disk_mb}: less than --max-upload-mb {max_upload_mb}; raise it, or lower that"
        )
    folder = open_model(choose_model(model, runs_dir))
    # As in `score`: TensorFlow, which is imported once all is found to be right, need not import Keras.
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    console = Console()
    try:
        with loading("FastAPI", console):
            from pipeline.serve.requests.callers import is_pattern
            from pipeline.serve.server import run_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("pipeline", "components"):
            raise
        raise UserError(
            f"serve: {error.name} is not installed; type pip install 'deepfake-video-pipeline[serve]'"
        ) from error
    from pipeline.score.videos import extraction_settings

    for name in allowed_host or []:
        if not is_pattern(name):
            raise UserError(f"--allowed-host {name}: type a name without scheme and port, *.DOMAIN or *")
    description = folder.description
    limits = Limits(
        json_bytes=max(_DEFAULT.json_bytes, description.frames * description.encoder.feature_size * _FEATURE_BYTES),
        upload_bytes=max_upload_mb << 20,
        upload_s=upload_timeout,
        at_work=at_work or os.cpu_count() or 1,
        waiting=waiting,
        sync_s=sync_seconds,
        jobs=max_jobs,
        job_s=job_timeout,
        job_age_s=job_age,
        held_bytes=(max_disk_mb or _HELD_UPLOADS * max_upload_mb) << 20,
    )
    settings = extraction_settings(folder, cache_dir="", face_model=face_model, timeout_s=timeout, memory_mb=memory_mb)
    run_server(folder, settings, limits, console, host=host, port=port, allowed_hosts=allowed_host or [])
