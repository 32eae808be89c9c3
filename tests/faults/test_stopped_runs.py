"""A run that is killed, terminated or interrupted ends, after the same command, like one that nothing disturbed."""

import collections
import pathlib
import random
import signal
import time

import pytest
from demo_commands import RUN, TRAINING, deepfake, new_folder, outcome, start, wait_for_start
from ml_metadata.proto import metadata_store_pb2
from training_nodes import RESOLVER

from pipeline.runs.store import connect

KILLED, TERMINATED, INTERRUPTED = signal.SIGKILL, signal.SIGTERM, signal.SIGINT
EXIT_CODES = {KILLED: -KILLED, TERMINATED: -TERMINATED, INTERRUPTED: 130}


def stop(folder: pathlib.Path, node: str, number: signal.Signals, after_s: float = 0) -> str:
    """Sends a signal to a training, so long after a node has started; returns what was printed."""
    (folder / RUN / "run.log").unlink(missing_ok=True)
    process = start(folder, *TRAINING)
    try:
        wait_for_start(process, folder, node)
        time.sleep(after_s)
        process.send_signal(number)
        output, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    # A node may end before it is stopped.
    assert process.returncode in ({EXIT_CODES[number]} if after_s == 0 else {EXIT_CODES[number], 0}), output
    return output


def pushed_files(folder: pathlib.Path) -> list[set[str]]:
    """Returns the names of the files of each pushed version."""
    versions = (path for path in (folder / RUN / "model").glob("*") if path.name.isdigit())
    return [{str(file.relative_to(version)) for file in version.rglob("*")} for version in versions]


def times_completed(folder: pathlib.Path) -> collections.Counter[str]:
    """Returns how often each node has completed in all runs in a folder; a resolver is asked each time."""
    store = connect(str(folder / RUN / "metadata.sqlite"))
    complete = metadata_store_pb2.Execution.COMPLETE
    return collections.Counter(
        context.name.split(".")[-1]
        for context in store.get_contexts_by_type("node")
        for execution in store.get_executions_by_context(context.id)
        if execution.last_known_state == complete and not context.name.endswith(RESOLVER)
    )


def assert_promises(folder: pathlib.Path, undisturbed: pathlib.Path) -> None:
    """Runs the command to its end: same outcome, nothing done twice, no half version."""
    code, output, errors = deepfake(folder, *TRAINING)
    assert code == 0, output + errors
    assert outcome(folder) == outcome(undisturbed)
    assert times_completed(folder) == times_completed(undisturbed)
    assert pushed_files(folder) == pushed_files(undisturbed)


@pytest.mark.e2e
def test_a_run_that_is_stopped_goes_on(undisturbed, tmp_path):
    folder = new_folder(tmp_path / "work")
    told = stop(folder, "FrameFeatureGen", INTERRUPTED)
    assert told.splitlines()[-1].startswith("interrupted; resume with: deepfake run --config demo")
    stop(folder, "Trainer", KILLED)
    stop(folder, "Evaluator", TERMINATED)
    assert_promises(folder, undisturbed)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("seed", range(10))
def test_ten_stops_at_random_moments(undisturbed, tmp_path, seed):
    folder, draw = new_folder(tmp_path / "work"), random.Random(seed)
    nodes = list(times_completed(undisturbed))
    whole = pushed_files(undisturbed)
    for _ in range(10):
        log = folder / RUN / "run.log"
        done = times_completed(folder) if log.exists() else collections.Counter()
        node = draw.choice([node for node in nodes if not done[node]] or nodes)
        stop(folder, node, draw.choice(list(EXIT_CODES)), draw.uniform(0.01, 8))
        assert all(files in whole for files in pushed_files(folder))
    assert_promises(folder, undisturbed)
