"""Finds the decoding processes of a process, so that tests can send them signals."""

import pathlib


def decoders(parent: int) -> set[int]:
    """Returns the ids of the decoding processes that `parent` has started."""
    return children(parent, b"decoder")


def children(parent: int, named: bytes) -> set[int]:
    """Returns the ids of the processes that `parent` has started and whose command line contains `named`."""
    started: set[int] = set()
    for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
        started.update(map(int, (task / "children").read_text().split()))
    return {pid for pid in started if named in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()}
