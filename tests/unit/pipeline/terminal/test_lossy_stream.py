"""A log on a full disk costs lines only."""

import os
import sys

import pytest

from pipeline.terminal.log import log_to_file, lossy_stream


@pytest.fixture
def full() -> int:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    yield descriptor
    os.close(descriptor)


def test_what_cannot_be_written_is_dropped(full):
    stream = lossy_stream(full)
    for text in ("a line\n", "half a line", "x" * 100_000):
        print(text, file=stream, flush=True)
    assert not stream.isatty()
    assert stream.fileno() == full


def test_everything_else_arrives(tmp_path):
    with open(tmp_path / "log", "wb") as file:
        stream = lossy_stream(file.fileno())
        stream.write("é\udc80\n")
        stream.write("x" * 100_000)
        stream.flush()
    assert (tmp_path / "log").read_bytes() == "é\\udc80\n".encode() + b"x" * 100_000


def test_a_command_whose_log_is_on_a_full_disk_goes_on(tmp_path, capfd):
    log = tmp_path / "run.log"
    log.symlink_to("/dev/full")
    with log_to_file(str(log)) as console:
        print("from a library", file=sys.stderr)
        print("x" * 100_000)
        console.print("for people")
    assert capfd.readouterr().out == "for people\n"
