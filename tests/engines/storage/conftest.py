"""A storage that holds a small data set, and programs whose clients are redirected to it."""

import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from short_demo import EVEN_SPLITS, QUICK_TRAINING, SMALL_ENCODER
from storage_emulator import StorageEmulator, storage_emulator

# Otherwise the encoder, to compare precisions, and the report, to show videos, would read more.
SETTINGS = (
    *EVEN_SPLITS,
    SMALL_ENCODER,
    "encoder.precision=float32",
    "report.filmstrips=0",
    "report.overlays=0",
    *QUICK_TRAINING,
    "trainer.epochs=2",
    "evaluator.bounds.auc.min=-1",
    "evaluator.bounds.auc.worse_by=1",
)


@pytest.fixture(scope="session")
def storage(tmp_path_factory) -> Iterator[StorageEmulator]:
    with storage_emulator(tmp_path_factory.mktemp("storage")) as running:
        yield running


@pytest.fixture(scope="session")
def bucket_data(storage, local_data) -> str:
    """The uri of the same data set in the bucket."""
    for path in local_data.iterdir():
        storage.bucket.blob(f"data/{path.name}").upload_from_filename(path)
    return f"{storage.uri}/data"


@pytest.fixture(scope="session")
def start(storage) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts a program of the environment in its own process group, which is killed after the tests."""
    started = []

    def start(program: str, *arguments: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(pathlib.Path(sys.executable).parent / program), *arguments],
            env={**os.environ, **storage.environment},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def finish(start) -> Callable[..., str]:
    """Runs a program of the environment, which must succeed, and returns its output."""

    def finish(program: str, *arguments: str) -> str:
        process = start(program, *arguments)
        output, _ = process.communicate()
        assert process.returncode == 0, output
        return output

    return finish


@pytest.fixture(scope="session")
def run_arguments() -> Callable[..., list[str]]:
    """The arguments for running the demo's config."""

    def run_arguments(name: str, runs_dir: pathlib.Path, data_root: str, *settings: str) -> list[str]:
        given = (f"runs_dir={runs_dir}", *SETTINGS, *settings)
        return [
            *("run", "--config", "demo", "--name", name, "--data-root", data_root),
            *(f"--set={setting}" for setting in given),
        ]

    return run_arguments
