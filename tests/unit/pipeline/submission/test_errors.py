"""One-line errors."""

import pytest

from components.errors import UserError
from pipeline.submission.errors import BusyError, Service, ServiceError, one_line, refusal

SERVICE = Service("The engine", "https://engine", "engine.host=https://engine", "log in")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, UserError, ["engine.host=https://engine", "(400): odd", "--dry-run"]),
        (401, UserError, ["engine.host=https://engine", "(401): odd", "log in"]),
        (412, UserError, ["(412): odd"]),
        (429, BusyError, ["(429): odd", "again later"]),
        (500, ServiceError, ["(500): odd", "what now"]),
        (503, ServiceError, ["(503): odd", "what now"]),
    ],
)
def test_each_status_has_its_kind_and_words(status, kind, words):
    error = refusal(SERVICE, status, "odd", "what now")
    assert type(error) is kind
    for word in words:
        assert word in str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n  b\t c", "a b c"),
        ("<html><head><title>x</title></head><body><h1>404</h1> Not <b>here</b></body></html>", "404 Not here"),
        ("", "no reason given"),
        ("a < b", "a < b"),
    ],
)
def test_messages_become_one_line(text, line):
    assert one_line(text) == line


def test_long_messages_are_cut():
    assert len(one_line("word " * 1000)) <= 300
