"""The service on a port of its own, in a thread."""

import contextlib
import pathlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence

import uvicorn

from components.trainer.model_folder import open_model
from pipeline.score.videos import extraction_settings
from pipeline.serve.app import create_app
from pipeline.serve.limits import Limits


@contextlib.contextmanager
def served(model_folder: pathlib.Path, limits: Limits, *, allowed_hosts: Sequence[str] = ()) -> Iterator[str]:
    """Serves the model on loopback, and gives the address."""
    folder = open_model(str(model_folder))
    settings = extraction_settings(folder, cache_dir="", face_model="")
    app = create_app(folder, settings, limits, allowed_hosts=allowed_hosts)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
