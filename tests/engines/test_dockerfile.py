"""What the Dockerfile repeats must be what the lock says."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]


def test_boot_program_and_sdk_are_of_one_beam_release():
    lock = (ROOT / "requirements.lock").read_text()
    (locked,) = re.findall(r"^apache-beam==(\S+)", lock, re.MULTILINE)
    assert f"ARG BEAM_BASE=apache/beam_python3.10_sdk:{locked}\n" in (ROOT / "Dockerfile").read_text()
