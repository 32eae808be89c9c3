"""Output of libraries does not interfere with live displays."""

import io
import os
import pty
import subprocess
import sys
import warnings

import pytest
from hostile_names import EXAMPLES
from rich.text import Text

from components.printable import printable
from pipeline.terminal.console import Console, live, progress, status


def on_a_terminal(show) -> str:
    """Returns what a display writes to a terminal while Python writes to the standard streams."""
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        console = Console(stream)
        with show(console) as tell:
            if callable(tell):
                tell(*((1, 2) if show is bar else ("so far",)))
            sys.stderr.write("from a library\n")
            sys.stdout.write("from a library\n")
            warnings.warn("from a library", UserWarning, stacklevel=1)
        console.print("done")
        text = read_until(leader, "done")
    os.close(leader)
    return text


def read_until(terminal: int, last: str) -> str:
    text = ""
    while last not in text:
        text += os.read(terminal, 1 << 16).decode()
    return text


def bar(console: Console):
    return progress("opening", console)


def line(console: Console):
    return status("loading", console)


def table(console: Console):
    return live(lambda: Text("nodes"), console)


@pytest.mark.parametrize(("show", "word"), [(bar, "opening"), (line, "loading"), (table, "nodes")])
@pytest.mark.filterwarnings("ignore:from a library")
def test_only_the_display_is_on_the_terminal(show, word):
    text = on_a_terminal(show)
    assert word in text
    assert "library" not in text


@pytest.mark.parametrize("show", [bar, line, table])
def test_a_pipe_gets_what_stays_only(show):
    text = io.StringIO()
    with show(Console(text)):
        pass
    assert text.getvalue().strip() == ("nodes" if show is table else "")


def test_what_is_told_is_one_line_without_markup():
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        for name in EXAMPLES:
            if name.isprintable() and len(name) < 30:
                with status(name, Console(stream, width=80)):
                    pass
                assert printable(name) in read_until(leader, "\x1b[?25h")
    os.close(leader)


LOADING = """
import os, sys
from pipeline.terminal.console import loading
from pipeline.terminal.log import log_to_file
with log_to_file() as console, loading("TensorFlow", console, shown=sys.argv[1] == "shown"):
    os.write(1, b"from a library")
    os.write(2, b"from a library")
sys.stderr.write("done")
"""


@pytest.mark.parametrize("shown", ["shown", "not shown"])
def test_what_is_loaded_is_said_on_standard_error(shown):
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", LOADING, shown]
    output = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=follower, check=True, env={**os.environ, "TERM": "xterm"}
    ).stdout
    text = read_until(leader, "done")
    os.close(follower)
    os.close(leader)
    assert output == b""
    assert ("loading TensorFlow" in text) == (shown == "shown")
    assert "library" not in text


def test_nothing_is_said_of_it_to_a_pipe():
    ended = subprocess.run([sys.executable, "-c", LOADING, "shown"], capture_output=True, check=True)
    assert (ended.stdout, ended.stderr) == (b"", b"done")
