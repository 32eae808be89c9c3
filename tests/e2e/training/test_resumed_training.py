"""A killed training resumes at its epoch, and yields exactly the model that it would have yielded."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from components.served_model.description import read_model_description

pytestmark = pytest.mark.e2e

EPOCHS = 12
SETTINGS = {"model": "gru_small", "epochs": EPOCHS, "patience": EPOCHS, "learning_rate": 1e-3}
SCRIPT = pathlib.Path(__file__).with_name("train_once.py")


def epochs_in(log: str) -> list[int]:
    return [int(epoch) for epoch in re.findall(rf"progress: epoch (\d+) of {EPOCHS}", log)]


def start(transformed, folder: pathlib.Path, state: pathlib.Path) -> subprocess.Popen:
    folder.mkdir()
    arguments = folder / "arguments.json"
    arguments.write_text(json.dumps(transformed.function_arguments(folder, state, **SETTINGS)))
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(arguments)], stderr=subprocess.PIPE, text=True, errors="replace"
    )


@pytest.mark.long
@pytest.mark.timeout(600)
def test_killed_training_goes_on_and_gives_the_same_model(transformed, tmp_path):
    killed = start(transformed, tmp_path / "killed", tmp_path / "state")
    lines = []
    for line in killed.stderr:
        lines.append(line)
        if 4 in epochs_in(line):
            # The fifth epoch has begun.
            os.kill(killed.pid, signal.SIGKILL)
            break
    lines += killed.stderr.readlines()
    assert killed.wait() == -signal.SIGKILL
    finished = epochs_in("".join(lines))[-1]
    assert 4 <= finished < EPOCHS
    assert not (tmp_path / "killed" / "model").exists()

    resumed = start(transformed, tmp_path / "resumed", tmp_path / "state")
    _, log = resumed.communicate()
    assert resumed.returncode == 0, log[-2000:]
    # It may have been killed between writing a state and logging it.
    went_on = int(re.search(r"progress: resumed after epoch (\d+)", log).group(1))
    assert went_on in (finished, finished + 1)
    assert epochs_in(log) == list(range(went_on + 1, EPOCHS + 1))
    assert os.listdir(tmp_path / "state") == []

    whole = start(transformed, tmp_path / "whole", tmp_path / "other_state")
    _, log = whole.communicate()
    assert whole.returncode == 0, log[-2000:]
    assert epochs_in(log) == list(range(1, EPOCHS + 1))
    curves = [(tmp_path / name / "run" / "curves.csv").read_text() for name in ("resumed", "whole")]
    assert curves[0] == curves[1]
    assert len(curves[0].splitlines()) == EPOCHS + 1
    descriptions = [read_model_description(str(tmp_path / name / "model")) for name in ("resumed", "whole")]
    assert descriptions[0] == descriptions[1]
