"""A run of the demo as a process, and the moment at which one of its nodes starts."""

import pathlib
import signal
import subprocess
import sys
from collections.abc import Sequence

from waiting import wait_until

NAME = "demo"
DEEPFAKE = str(pathlib.Path(sys.executable).parent / "deepfake")


def command(data: pathlib.Path, runs: pathlib.Path, *settings: str) -> list[str]:
    """Returns the command of a run with little work in it."""
    given = (
        *(f"runs_dir={runs}", "trainer.epochs=1", "encoder.precision=float32", "encoder.weights=random:0"),
        *("evaluator.bounds.auc.min=0", "evaluator.bounds.auc.worse_by=1"),
        *("report.filmstrips=0", "report.overlays=0", *settings),
    )
    sets = [argument for setting in given for argument in ("--set", setting)]
    return [DEEPFAKE, "run", "--config", "demo", "--data-root", str(data), *sets]


def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    """Starts the command as a terminal would, with Ctrl-C enabled."""
    return subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def starts_of(runs: pathlib.Path, node: str) -> int:
    """Returns how often a node has been started in all runs so far, by the log."""
    log = runs / NAME / "run.log"
    return log.read_text(errors="replace").count(f"Component {node} is running") if log.exists() else 0


def wait_for_start(process: subprocess.Popen[str], runs: pathlib.Path, node: str, before: int) -> None:
    """Returns when the process has started the node, which had been started `before` times."""
    wait_until(
        lambda: starts_of(runs, node) > before,
        alive=lambda: process.poll() is None,
        seconds=1100,
        what=f"the start of {node}",
    )
