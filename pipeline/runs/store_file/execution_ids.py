"""Keeps a run out of artifact folders that its store does not know.

TFX names an output's folder after the id of the execution, which the store counts. A store that was lost, or put back
from an older copy, counts from below, and two runs with one `pipeline_root` count alike.
"""

import concurrent.futures
import contextlib
import os
import sqlite3
from collections.abc import Iterable
from typing import Final

from components import storage
from components.notices import notify
from pipeline.runs.store import connect

# Larger names are not ids.
_MAX_ID: Final = 10**15
_THREADS: Final = 32


def start_above_folders(store: str, folders: Iterable[str]) -> None:
    """Makes the store count on from above all ids that have a folder already; makes the store if there is none.

    Args:
        store: path of the store.
        folders: the nodes' outputs, each with a folder for each execution.

    Raises:
        UserError: if the store is damaged or locked.
    """
    # In a bucket, each answer takes a round trip.
    with concurrent.futures.ThreadPoolExecutor(_THREADS) as executor:
        highest, last = max(executor.map(_highest, folders), default=(0, ""))
    connect(store, to_write=True)
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        # SQLite documents this table, and that it may be changed. ML Metadata offers no other way to skip ids.
        rows = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'Execution'").fetchall()
        if highest <= max((count for (count,) in rows), default=0):
            return
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'Execution'")
        connection.execute("INSERT INTO sqlite_sequence VALUES ('Execution', ?)", (highest,))
    notify(f"{last}: not in the run's store, as after a loss of it; such folders are left alone, and not used")


def _highest(folder: str) -> tuple[int, str]:
    """Returns the highest id that has a folder, and this folder."""
    names = [name.rstrip("/") for name in storage.listdir(folder)] if storage.isdir(folder) else []
    ids = [int(name) for name in names if name.isascii() and name.isdecimal() and int(name) < _MAX_ID]
    highest = max(ids, default=0)
    return highest, os.path.join(folder, str(highest))
