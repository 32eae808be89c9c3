"""Runs the service in a thread, on a free port."""

import contextlib
import pathlib
import socket
import threading
from collections.abc import Iterator, Sequence

import httpx
import uvicorn
from waiting import wait_until

from components.served_model.folder import open_model
from pipeline.score.videos import extraction_settings
from pipeline.serve.app import create_app
from pipeline.serve.requests.limits import Limits


@contextlib.contextmanager
def served(model_folder: pathlib.Path, limits: Limits, *, allowed_hosts: Sequence[str] = ()) -> Iterator[str]:
    """Serves the model on loopback, and yields the address."""
    folder = open_model(str(model_folder))
    settings = extraction_settings(folder, cache_dir="", face_model="")
    app = create_app(folder, settings, limits, allowed_hosts=allowed_hosts)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    wait_until(lambda: server.started, alive=thread.is_alive, seconds=60, what="the service")
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def upload(address: str, content: bytes, name: str = "clip.mp4") -> httpx.Response:
    """Sends a file to the service's `/score`."""
    return httpx.post(f"{address}/score", files={"video": (name, content)}, timeout=120, trust_env=False)
