"""Tells which processes have locked a file."""

import os
from typing import Final

_LOCKS: Final = "/proc/locks"
_UNKNOWN: Final = "another process"


def lock_holders(path: str) -> str:
    """Returns the names of the other processes that hold locks on a file, as far as the kernel tells them."""
    try:
        inode = os.stat(path).st_ino
        with open(_LOCKS, encoding="utf-8") as file:
            rows = [line.split() for line in file]
    except OSError:
        return _UNKNOWN
    # `1: POSIX ADVISORY WRITE 4711 08:01:131 0 EOF`; a process that waits has an arrow in the second place.
    pids = {int(row[4]) for row in rows if row[1] != "->" and row[5].rpartition(":")[2] == str(inode)}
    names = [_name(pid) for pid in sorted(pids - {os.getpid()}) if pid > 0]
    return ", ".join(names) or _UNKNOWN


def _name(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return f"{file.read().strip()} (process {pid})"
    except OSError:
        return f"process {pid}"
