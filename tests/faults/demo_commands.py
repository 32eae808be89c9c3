"""The public command on a short demo, in a folder of its own."""

import json
import os
import pathlib
import signal
import subprocess
import sys
from typing import Any, Final

from short_demo import EVEN_SPLITS, QUICK_TRAINING, SMALL_ENCODER, write_short_demo
from waiting import wait_until

_COMMAND = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
_SETTINGS = (
    *("trainer.epochs=2", "report.overlays=0", "report.filmstrips=0", "encoder.precision=float32"),
    *("evaluator.bounds.auc.min=0.0", "evaluator.bounds.auc.worse_by=1.0", "evaluator.slice_bounds={}"),
    *(SMALL_ENCODER, *EVEN_SPLITS, *QUICK_TRAINING),
)
TRAINING: Final = ("run", "--config", "demo", "--data-root", "data", *(f"--set={setting}" for setting in _SETTINGS))
RUN: Final = pathlib.Path("runs", "demo")
"""The folder of this training."""


def training_command(data: pathlib.Path, runs: pathlib.Path) -> list[str]:
    """Returns `TRAINING` as a command for any folder."""
    return [*_COMMAND, *TRAINING, "--data-root", str(data), f"--set=runs_dir={runs}"]


def new_folder(folder: pathlib.Path) -> pathlib.Path:
    """Returns the folder, now with the videos of `TRAINING`."""
    write_short_demo(folder / "data", videos=12)
    return folder


def start(folder: pathlib.Path, *arguments: str) -> subprocess.Popen[str]:
    """Starts `deepfake` in a folder as a terminal would, with Ctrl-C enabled."""
    return subprocess.Popen(
        [*_COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def deepfake(folder: pathlib.Path, *arguments: str) -> tuple[int, str, str]:
    """Runs `deepfake` in a folder; returns exit code, output and errors."""
    process = start(folder, *arguments)
    output, errors = process.communicate()
    return process.returncode, output, errors


def outcome(folder: pathlib.Path) -> dict[str, Any]:
    """Returns what a training in a folder came to; paths and times also differ between undisturbed ones."""
    summary = json.loads((folder / RUN / "summary.json").read_text())
    rules = [{name: rule[name] for name in ("message", "passed")} for rule in summary["decision"]["rules"]]
    records = {node["node"]: node["records"].replace(" cached", "") for node in summary["nodes"]}
    kept = {name: summary[name] for name in ("verdict", "failed", "evaluation", "quarantined", "warnings")}
    return {**kept, "rules": rules, "videos": records["VideoExampleGen"]}


def wait_for_start(process: subprocess.Popen[str], folder: pathlib.Path, node: str) -> None:
    """Returns when the process, which must be the first to log there, has started a node."""
    log = folder / RUN / "run.log"
    wait_until(
        lambda: log.exists() and f"Component {node} is running" in log.read_text(errors="replace"),
        alive=lambda: process.poll() is None,
        seconds=900,
        what=f"the start of {node}",
    )
