"""A run whose store gets locked says so, waits, and goes on."""

import os
import sqlite3

import pytest
from demo_commands import TRAINING, start
from short_demo import write_short_demo
from waiting import wait_until

pytestmark = pytest.mark.e2e


def read_until(stream, *parts: str) -> str:
    told = []
    for line in stream:
        if all(part in line for part in parts):
            return line
        told.append(line)
    raise AssertionError(f"no line with {parts}: {''.join(told)}")


def test_a_store_that_is_locked_during_a_run_is_waited_for_with_a_word(tmp_path):
    write_short_demo(tmp_path / "data", videos=12)
    process = start(tmp_path, *TRAINING)
    log = tmp_path / "runs/demo/run.log"

    def encoder_is_being_built() -> bool:
        """Meanwhile no connection to the store is open, and none is being opened."""
        told = log.read_text(errors="replace") if log.exists() else ""
        return "Going to run a new execution" in told.partition("Component FrameEncoder is running")[2]

    try:
        wait_until(
            encoder_is_being_built,
            alive=lambda: process.poll() is None,
            seconds=600,
            what="the encoder",
        )
        with sqlite3.connect(tmp_path / "runs/demo/metadata.sqlite", isolation_level=None) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            line = read_until(process.stderr, "locked by")
            assert line.startswith("deepfake: runs/demo/metadata.sqlite: locked by ")
            assert f"(process {os.getpid()}); waiting, 2 of at most 60 s" in line
            connection.execute("ROLLBACK")
        connection.close()
        read_until(process.stdout, "FrameEncoder", "done")
    finally:
        process.terminate()
        process.communicate()
