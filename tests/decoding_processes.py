"""Finds the decoding processes of a process, so that tests can send them signals."""

import pathlib


def decoders(parent: int) -> set[int]:
    """Returns the ids of the decoding processes that `parent` has started."""
    return children(parent, b"decoder")


def children(parent: int, named: bytes) -> set[int]:
    """Returns the ids of the processes that `parent` has started and whose command line contains `named`."""
    tasks = pathlib.Path(f"/proc/{parent}/task").glob("*/children")
    started = {int(pid) for task in tasks for pid in _read(task).split()}
    return {pid for pid in started if named in _read(pathlib.Path(f"/proc/{pid}/cmdline"))}


def _read(path: pathlib.Path) -> bytes:
    """Returns the content, or nothing if the thread or process has ended."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
