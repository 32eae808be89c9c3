"""Finds the decoding processes of a process, so that tests can send them signals."""

import pathlib


def decoders(parent: int) -> set[int]:
    """Returns the ids of the decoding processes that `parent` has started."""
    children: set[int] = set()
    for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
        children.update(map(int, (task / "children").read_text().split()))
    return {pid for pid in children if b"decoder" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()}
