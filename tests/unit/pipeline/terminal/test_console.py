"""Any string is printed on one line, with control characters escaped."""

import fcntl
import io
import json
import os
import pty
import struct
import termios

import pytest
import rich.console
from hostile_names import EXAMPLES, assert_harmless, names
from hypothesis import given
from rich.text import Text

from components.printable import printable
from pipeline.terminal.console import Console, as_text, json_text, print_document, print_error, print_fields, print_json


def shown(*parts: object) -> str:
    text = io.StringIO()
    Console(text).print(*parts)
    return text.getvalue()


@given(names)
def test_what_is_printable_shows_all_and_does_nothing(name):
    told = printable(name)
    assert_harmless(told)
    assert "\n" not in told
    assert printable(told) == told
    if name.isprintable():
        assert told == name


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\nb", "a\u202eb", "a\u2028b", "a\x7f", "a\x9b", "a\udcff"])
def test_escapes_are_those_of_python(name):
    assert printable(name) == repr(name)[1:-1]


@given(names)
def test_a_string_is_one_line_and_no_markup(name):
    assert shown(name) == f"{printable(name)}\n"
    assert shown(as_text("a ", (name, "red"))) == f"a {printable(name)}\n"


@given(names)
def test_fields_are_harmless_on_any_console(name):
    # Rich's own console would interpret markup.
    text = io.StringIO()
    print_fields({"video": name}, rich.console.Console(file=text, width=40))
    assert text.getvalue() == f"{'video':<11}{printable(name)}\n"


@given(names)
def test_json_is_what_was_given_in_ascii(name):
    text = io.StringIO()
    print_json({"uri": name, name: [name]}, Console(text))
    assert_harmless(text.getvalue())
    assert text.getvalue().isascii()
    assert json.loads(text.getvalue()) == {"uri": name, name: [name]}
    assert json.loads(json_text(name)) == name


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_error_is_one_line_and_its_table_follows(capsys, name):
    print_error(f"{name}: is not there", f"reason {name}")
    errors = capsys.readouterr().err
    assert_harmless(errors)
    assert errors == f"deepfake: {printable(name)}: is not there\nreason {printable(name)}\n"


def test_a_document_passes_unchanged():
    text = io.StringIO()
    print_document("[red]: :car:\n", Console(text))
    assert text.getvalue() == "[red]: :car:\n"


def test_what_is_no_terminal_has_no_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    long = "/".join("x" * 100 for _ in range(50))
    assert shown(long) == f"{long}\n"
    assert shown(Text(long)) == f"{long}\n"


def test_the_terminal_that_is_printed_on_tells_its_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        console = Console(stream)
        for columns in (60, 100):
            fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
            assert (console.width, console.height) == (columns, 30)
    os.close(leader)
