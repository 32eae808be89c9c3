"""What the Dockerfile repeats must agree with the lock."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]


def test_boot_program_and_sdk_are_of_one_beam_release():
    dockerfile, lock = (ROOT / "Dockerfile").read_text(), (ROOT / "requirements.lock").read_text()
    (locked,) = re.findall(r"^apache-beam==(\S+) ; python_full_version >= '3.11'", lock, re.MULTILINE)
    (python,) = re.findall(r"^ARG BASE=python:(\d\.\d+)-slim", dockerfile, re.MULTILINE)
    assert f"ARG BEAM_BASE=apache/beam_python{python}_sdk:{locked}\n" in dockerfile
