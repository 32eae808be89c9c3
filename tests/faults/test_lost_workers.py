"""A worker process that is killed ends the command; it is not waited for."""

import signal
import subprocess
import sys

import pytest
from brightness_model import write_brightness_model
from killed_children import killing_children

from pipeline.score.videos import FEW

pytestmark = pytest.mark.e2e


def test_a_killed_worker_process_of_beam_ends_the_command(write_video, tmp_path):
    model = write_brightness_model(tmp_path / "models" / "1")
    for index in range(FEW + 1):
        write_video(f"videos/{index}.mp4", frames=10, seed=index)
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "score", "videos"]
    command += ["--model", str(model), "--workers", "2", "--cache-dir", "none"]
    command += ["--beam=--direct_running_mode=multi_processing"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        with killing_children(b"sdk_worker_main", signal.SIGKILL, times=1, parent=process.pid) as ended:
            output, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    assert len(ended) == 1
    assert process.returncode == 1, output
    assert "the extraction failed: a worker was lost: Worker subprocess exited with return code" in output
    assert "Traceback" not in output
