"""Ctrl-C becomes one line and an exit code; other errors pass unchanged."""

import io
import os
import signal

import pytest
import typer

from pipeline.cli.interrupts import interruptible
from pipeline.terminal.console import Console


@pytest.fixture(autouse=True)
def handler_of_python():
    """Restores Python's handler, which another library may have replaced."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, previous) is signal.default_int_handler


def interrupt_as_beam_does() -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("from Beam") from None


def test_interrupt_tells_how_to_go_on_even_where_beam_makes_another_error_of_it():
    text = io.StringIO()
    with pytest.raises(typer.Exit) as ended, interruptible(Console(text), "resume with: x"):
        interrupt_as_beam_does()
    assert ended.value.exit_code == 130
    assert text.getvalue() == "interrupted; resume with: x\n"


def test_other_errors_pass():
    text = io.StringIO()
    with pytest.raises(RuntimeError, match="unforeseen"), interruptible(Console(text)):
        raise RuntimeError("unforeseen")
    assert text.getvalue() == ""
