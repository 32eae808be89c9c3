"""Starts the service, prints its address, and stops it on Ctrl-C."""

import contextlib
import ipaddress
import socket
from collections.abc import Sequence

import uvicorn

from components.errors import UserError
from components.frame_feature_gen.settings import ExtractionSettings
from components.served_model.folder import ModelFolder
from pipeline.serve.app import create_app
from pipeline.serve.requests.limits import Limits
from pipeline.terminal.console import Console, as_text, loading, print_fields

_SHUTDOWN_S = 10


def run_server(
    model: ModelFolder,
    settings: ExtractionSettings,
    limits: Limits,
    console: Console,
    *,
    host: str,
    port: int,
    allowed_hosts: Sequence[str],
) -> None:
    """Serves a model until it is interrupted.

    Args:
        model: the model's folder.
        settings: as returned by `extraction_settings`.
        limits: limits on requests.
        console: where to print the address.
        host: the name or address to listen on.
        port: the port; 0 for any free one.
        allowed_hosts: further names that callers may use.

    Raises:
        UserError: if it cannot listen on the address, or the model is damaged.
    """
    listening = _listen(host, port)
    with loading("TensorFlow and the model", console):
        app = create_app(model, settings, limits, allowed_hosts=[host, *allowed_hosts])
    address, taken_port, *_ = listening.getsockname()
    named = f"[{host}]" if ":" in host else host
    print_fields({"model": model.path, "listening": f"http://{named}:{taken_port}"}, console)
    if not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        console.print(as_text((f"{host}: whoever reaches it can use it, there is no log-in", "yellow")))
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_SHUTDOWN_S)
    # After shutting down, the server raises the signal again.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    console.print("stopped")


def _listen(host: str, port: int) -> socket.socket:
    if not host:
        raise UserError("--host is empty; type 0.0.0.0 for all addresses of this machine")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        # Its text repeats the address.
        reason = str(error.strerror).partition(" (while")[0]
    except (TypeError, ValueError):
        # Not a valid host name.
        reason = "neither a name nor an address"
    raise UserError(f"--host {host} --port {port}: {reason}; type another one")
