"""Training, in a process of its own."""

import json
import subprocess
import sys

from benchmarks.fixtures import Laboratory
from benchmarks.results import Findings, Table


def measure_training(laboratory: Laboratory) -> Findings:
    """Compares the Trainer's steps with those of `model.fit` on arrays; takes all cores."""
    counts = (laboratory.extent.training_steps, laboratory.extent.rounds)
    command = [sys.executable, "-m", "benchmarks.training_steps", *map(str, counts)]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    speeds = json.loads(ended.stdout)
    table = Table(
        "Training",
        "The notebook's model, batches of 16, steps a second (wall), without the first one, which traces and compiles. "
        "A training of fewer than 2,000 steps is not compiled.",
        ("way", "steps/s", "first epoch, s"),
        [
            (name, f"{speeds[way]:.1f}", f"{speeds[f'{way}_first_epoch_s']:.1f}")
            for name, way in (
                ("`model.fit` on arrays", "notebook"),
                ("the Trainer", "trainer"),
                ("the Trainer, not compiled", "trainer_uncompiled"),
            )
        ],
    )
    return Findings([table], {"training_steps": speeds["training_steps"]})
