"""What users see on a terminal: no logs of TensorFlow, Beam or absl, and no file names that control the terminal."""

import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from brightness_model import write_brightness_model
from grey_clips import write_grey_clip
from hostile_names import EXAMPLES, as_file_name, assert_harmless
from short_demo import SMALL_ENCODER

from components.printable import printable

pytestmark = pytest.mark.e2e

# Rich's own control sequences: colours and cursor movements.
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
LIBRARIES = re.compile(
    r"tensorflow|absl|beam|tfx|tfma|keras|WARNING|warn\(|Warning:|^[EIWF]\d{4}|\b[EIW]0000\b|ERROR|Traceback",
    re.MULTILINE,
)


def on_a_terminal(folder: pathlib.Path, *arguments: str, columns: int = 80) -> tuple[int, str]:
    """Runs the command; returns its exit code and everything written to the terminal, without Rich's controls."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "TF_CPP_MIN_LOG_LEVEL")}
    with subprocess.Popen(
        command, cwd=folder, stdin=follower, stdout=follower, stderr=follower, env={**environment, "TERM": "xterm"}
    ) as process:
        os.close(follower)
        transcript = b""
        while True:
            try:
                read = os.read(leader, 1 << 16)
            except OSError:
                # On Linux, the other end is closed.
                break
            if not read:
                break
            transcript += read
    os.close(leader)
    text = CONTROLS.sub("", transcript.decode())
    assert_harmless(text)
    assert not LIBRARIES.search(text), text
    return process.returncode, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """A model and twelve short videos, most of whose names contain control characters."""
    folder = tmp_path_factory.mktemp("terminal")
    write_brightness_model(folder / "model" / "1795571968")
    videos = folder / "videos"
    videos.mkdir()
    names = sorted({as_file_name(name) for name in EXAMPLES if not name.isprintable()})[:10]
    # All differ, or the second would be found in the cache.
    for index, name in enumerate(names):
        write_grey_clip(videos / f"{name}[/x]:car:.mp4".replace("/", "_"), 190 + 6 * index)
    write_grey_clip(videos / ("long_" * 40 + ".mp4"), 250)
    (videos / "broken.mp4").write_bytes(b"no video")
    return folder


def test_scores_of_many_videos(folder):
    code, text = on_a_terminal(folder, "score", "videos", "--model", "model/1795571968", "--cache-dir", "none")
    assert code == 3
    lines = text.splitlines()
    assert sum(line.startswith("FAKE ") for line in lines) == 11
    assert [line.split() for line in lines if line.startswith("UNSCORED")] == [
        ["UNSCORED", "unreadable_container", "videos/broken.mp4"]
    ]
    assert any(line.startswith("FAKE ") and "…" in line and line.endswith("long_.mp4") for line in lines)


def test_extraction(folder):
    settings = (f"--set={each}" for each in (SMALL_ENCODER, "encoder.weights=random:0", "extraction.workers=1"))
    code, text = on_a_terminal(folder, "extract", "videos", *settings, "--cache-dir", "cache")
    assert code == 3
    assert any(line.split()[:3] == ["features,", "decoded", "11"] for line in text.splitlines())
    assert any("unreadable_container" in line and " 1 " in line for line in text.splitlines())


def test_a_pipe_gets_whole_names_and_nothing_of_libraries(folder):
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "score", "videos"]
    options = ["--model", "model/1795571968", "--cache-dir", "none", "--out", "rows.jsonl"]
    ended = subprocess.run([*command, *options], cwd=folder, capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert_harmless(ended.stdout)
    for path in (folder / "videos").iterdir():
        assert printable(f"videos/{path.name}") in ended.stdout
