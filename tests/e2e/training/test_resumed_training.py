"""A killed training resumes at its epoch, and yields exactly the model that it would have yielded."""

import json
import logging
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from components.node_progress import PROGRESS_LOGGER
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


class Listener(logging.Handler):
    """Keeps the lines on the progress, and interrupts the training after one of them."""

    def __init__(self, until: str = "") -> None:
        super().__init__()
        self.lines: list[str] = []
        self._until = until

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if self._until and self.lines[-1].startswith(self._until):
            raise KeyboardInterrupt

    def __enter__(self) -> "Listener":
        logging.getLogger(PROGRESS_LOGGER).addHandler(self)
        return self

    def __exit__(self, *raised: object) -> None:
        logging.getLogger(PROGRESS_LOGGER).removeHandler(self)


def test_finished_members_are_not_trained_again_and_the_model_is_the_same(train, tmp_path):
    # Recurrent ones take three times as long to build.
    settings = {**SETTINGS, "model": "frame_statistics", "epochs": 3, "members": 3, "weight_averaging": 0.9}
    with Listener(until="member 2 of 3, epoch 2 of 3") as first, pytest.raises(KeyboardInterrupt):
        train("cut", **settings)
    assert [line.partition(":")[0] for line in first.lines] == [
        *(f"member 1 of 3, epoch {epoch} of 3" for epoch in (1, 2, 3)),
        *(f"member 2 of 3, epoch {epoch} of 3" for epoch in (1, 2)),
    ]
    with Listener() as second:
        resumed = train("resumed", **settings)
    assert [line.partition(":")[0] for line in second.lines] == [
        "member 1 of 3, resumed after epoch 3 of 3",
        "member 2 of 3, resumed after epoch 2 of 3",
        "member 2 of 3, epoch 3 of 3",
        *(f"member 3 of 3, epoch {epoch} of 3" for epoch in (1, 2, 3)),
    ]
    assert os.listdir(tmp_path / "state") == []
    whole = train("whole", **settings)
    assert read_model_description(str(resumed / "model")) == read_model_description(str(whole / "model"))
    curves = [(folder / "run" / "curves.csv").read_text() for folder in (resumed, whole)]
    assert curves[0] == curves[1]
