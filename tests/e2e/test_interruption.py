"""Ctrl-C in the middle of a run, and the run after it."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest
from waiting import wait_until

pytestmark = pytest.mark.e2e


def test_interrupted_run_is_resumed_by_the_same_command(demo_data, tmp_path):
    command = [
        *(str(pathlib.Path(sys.executable).parent / "deepfake"), "run", "--config", "demo"),
        *("--data-root", str(demo_data), "--set", f"runs_dir={tmp_path}", "--set", "trainer.epochs=1"),
        *("--set", "evaluator.bounds.auc.min=0", "--set", "evaluator.bounds.auc.worse_by=1"),
        *("--set", "encoder.precision=float32", "--set", "report.filmstrips=0"),
        *("--set", "report.overlays=0"),
    ]
    log = tmp_path / "demo" / "run.log"
    first = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    try:
        wait_until(
            lambda: log.exists() and "Component FrameFeatureGen is running" in log.read_text(errors="replace"),
            alive=lambda: first.poll() is None,
            seconds=600,
            what="the start of FrameFeatureGen",
        )
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
