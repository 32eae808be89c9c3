"""`deepfake serve`: a small service for one model."""

import contextlib
import os
import socket
from typing import Annotated

import typer

from components.errors import UserError
from pipeline.serve.limits import Limits
from pipeline.terminal.console import Console, as_text

_HERE = "127.0.0.1"
_DEFAULT = Limits()
_SHUTDOWN_S = 10


def serve(
    model: Annotated[str, typer.Option(help="Version folder of a pushed model; by default the one pushed last.")] = "",
    host: Annotated[str, typer.Option(help="The address to listen on; there is no log-in.")] = _HERE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    max_upload_mb: Annotated[int, typer.Option(min=1, help="MiB of the largest upload.")] = _DEFAULT.upload_bytes >> 20,
    upload_timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that an upload may take.")
    ] = _DEFAULT.upload_s,
    at_work: Annotated[int, typer.Option(min=0, help="Videos scored at a time; 0 = one for each core.")] = 0,
    waiting: Annotated[int, typer.Option(min=0, help="Requests that may wait beyond those.")] = _DEFAULT.waiting,
    face_model: Annotated[str, typer.Option(help="The ONNX file of the detector yunet, if the model needs it.")] = "",
    runs_dir: Annotated[str, typer.Option(help="The folder of all runs.")] = "runs",
) -> None:
    """Serves a pushed model: a page to upload a video on, and POST /score for programs."""
    # As for score: TensorFlow need not import Keras.
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    try:
        import uvicorn

        from pipeline.serve.app import create_app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("pipeline", "components"):
            raise
        raise UserError(
            f"serve: {error.name} is not installed; type pip install 'deepfake-video-pipeline[serve]'"
        ) from error
    from components.trainer.model_folder import open_model
    from pipeline.score.model import find_model
    from pipeline.score.videos import extraction_settings

    console = Console()
    folder = open_model(model or find_model(runs_dir))
    listening = _listen(host, port)
    limits = Limits(max_upload_mb << 20, upload_timeout, at_work or os.cpu_count() or 1, waiting)
    app = create_app(folder, extraction_settings(folder, cache_dir="", face_model=face_model), limits)
    console.print(f"{'model':<11}{folder.path}")
    console.print(f"{'listening':<11}http://{host}:{listening.getsockname()[1]}")
    if host != _HERE:
        console.print(as_text((f"{host}: whoever reaches it can use it, there is no log-in", "yellow")))
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_SHUTDOWN_S)
    # Having ended its work, the server passes the signal on.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    console.print("stopped")


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        # Its text names the address once more.
        reason = str(error.strerror).partition(" (while")[0]
        raise UserError(f"--host {host} --port {port}: {reason}; type another one") from error
