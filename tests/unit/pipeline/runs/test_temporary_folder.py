"""A process's temporary files are in one folder, which is gone after it or with the next one."""

import os
import signal
import subprocess
import sys
import tempfile

import pytest

from components.errors import UserError
from pipeline.runs.locking.temporary_folder import own_temporary_files

WAITS = """
import tempfile, time
from pipeline.runs.locking.temporary_folder import own_temporary_files
with own_temporary_files():
    print(tempfile.mkdtemp(prefix="beam-pipeline-temp"), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> str:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return str(tmp_path)


def test_everything_is_in_it_and_goes_with_it(temporary):
    with own_temporary_files():
        made = tempfile.mkdtemp()
        of_a_child = subprocess.check_output(["mktemp"], text=True)
        assert os.path.dirname(made) == os.path.dirname(of_a_child) == tempfile.gettempdir() != temporary
        assert os.path.dirname(tempfile.gettempdir()) == temporary
    assert os.listdir(temporary) == []
    assert (tempfile.gettempdir(), os.environ["TMPDIR"]) == (temporary, temporary)


def test_what_a_killed_process_left_goes_with_the_next_and_a_live_ones_stays(temporary):
    start = [sys.executable, "-c", WAITS]
    with (
        subprocess.Popen(start, stdout=subprocess.PIPE, text=True) as killed,
        subprocess.Popen(start, stdout=subprocess.PIPE, text=True) as alive,
    ):
        left, kept = (process.stdout.readline().strip() for process in (killed, alive))
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert os.path.isdir(left)
        with own_temporary_files():
            assert not os.path.exists(left)
            assert os.path.isdir(kept)
        alive.kill()
    assert len(os.listdir(temporary)) == 1


def test_no_room_is_one_line(temporary, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"{temporary}/gone")
    with pytest.raises(UserError, match=r"no temporary folder can be made there .*; make room"), own_temporary_files():
        pass
