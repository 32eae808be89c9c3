"""Ctrl-C in the middle of a run, and the run after it."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.e2e


def test_interrupted_run_is_resumed_by_the_same_command(demo_data, tmp_path):
    command = [
        *(str(pathlib.Path(sys.executable).parent / "deepfake"), "run", "--config", "demo"),
        *("--data-root", str(demo_data), "--set", f"runs_dir={tmp_path}", "--set", "trainer.epochs=1"),
        *("--set", "evaluator.bounds.auc.min=0", "--set", "evaluator.bounds.auc.worse_by=1"),
        *("--set", "encoder.precision=float32", "--set", "report.filmstrips=0"),
    ]
    log = tmp_path / "demo" / "run.log"
    first = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    try:
        _wait_for(log, "Component FrameFeatureGen is running", first)
        first.send_signal(signal.SIGINT)
        output, _ = first.communicate(timeout=600)
    finally:
        first.kill()
    assert first.returncode == 130
    assert output.splitlines()[-1].startswith("interrupted; resume with: deepfake run --config demo")
    assert not os.path.exists(tmp_path / "demo" / "model")

    second = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert second.returncode == 0, second.stdout
    lines = {line.split()[0]: line.split()[1] for line in second.stdout.splitlines() if len(line.split()) > 1}
    assert lines["FrameEncoder"] == "cached"
    assert lines["FrameFeatureGen"] == "done"
    assert lines["verdict"] == "blessed"


def _wait_for(log: pathlib.Path, words: str, process: subprocess.Popen) -> None:
    for _ in range(6000):
        if log.exists() and words in log.read_text(errors="replace"):
            return
        assert process.poll() is None, "the run has ended too early"
        time.sleep(0.1)
    pytest.fail(f"{words!r} never came")
