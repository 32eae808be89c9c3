"""Training speed, in a separate process."""

import json
import subprocess
import sys

from benchmarks.fixtures import Fixtures
from benchmarks.results import Results, Table


def measure_training(fixtures: Fixtures) -> Results:
    """Compares the Trainer's steps with `model.fit` on arrays; uses all cores."""
    counts = (fixtures.workload.training_steps, fixtures.workload.rounds)
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
    return Results([table], {"training_steps": speeds["training_steps"]})
