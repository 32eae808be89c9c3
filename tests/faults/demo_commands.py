"""The public command on a short demo, in a folder of its own."""

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

_COMMAND = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
_SETTINGS = (
    *("trainer.epochs=2", "report.overlays=0", "report.filmstrips=0", "encoder.precision=float32"),
    *("evaluator.bounds.auc.min=0.0", "evaluator.bounds.auc.worse_by=1.0", "evaluator.slice_bounds={}"),
)
TRAINING = ("run", "--config", "demo", "--data-root", "data", *(f"--set={setting}" for setting in _SETTINGS))


def start(folder: pathlib.Path, *arguments: str) -> subprocess.Popen[str]:
    """Starts `deepfake` in a folder."""
    return subprocess.Popen(
        [*_COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def deepfake(folder: pathlib.Path, *arguments: str) -> tuple[int, str, str]:
    """Runs `deepfake` in a folder; returns exit code, output and errors."""
    process = start(folder, *arguments)
    output, errors = process.communicate()
    return process.returncode, output, errors


def outcome(folder: pathlib.Path) -> dict[str, Any]:
    """Returns what a training in a folder came to; paths and times also differ between undisturbed ones."""
    summary = json.loads((folder / "runs" / "demo" / "summary.json").read_text())
    rules = [{name: rule[name] for name in ("message", "passed")} for rule in summary["decision"]["rules"]]
    records = {node["node"]: node["records"].replace(" cached", "") for node in summary["nodes"]}
    kept = {name: summary[name] for name in ("verdict", "failed", "evaluation", "quarantined", "warnings")}
    return {**kept, "rules": rules, "videos": records["VideoExampleGen"]}
