"""Runs a container's command in a separate process on this machine."""

import multiprocessing
import os
import pathlib
import runpy
import sys
import tempfile
from collections.abc import Mapping

_CONTEXT = multiprocessing.get_context("forkserver")
# Importing TFX takes far longer than most tasks. The fork server imports it once, and runs nothing.
_CONTEXT.set_forkserver_preload(
    [
        "tfx.orchestration.kubeflow.v2.container.kubeflow_v2_entrypoint_utils",
        "components.evaluator.component",
        "components.frame_feature_gen.component",
        "components.report_gen.component",
        "components.trainer.component",
        "components.trainer.run_fn",
        "components.transform.preprocessing",
        "components.video_example_gen.component",
        "tfx.components",
    ]
)


def run_in_process(command: list[str], folder: pathlib.Path) -> None:
    """Runs `python -m MODULE ARGUMENT ...` in the working directory `folder`, which is not the project's.

    Raises:
        AssertionError: if it fails, with the end of its log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{len(list(folder.iterdir()))}.log"
    status = run_in_pod(command, {}, log, folder)
    assert status == 0, log.read_text()[-3000:]


def run_in_pod(
    command: list[str], environment: Mapping[str, str], log: pathlib.Path, folder: pathlib.Path | None = None
) -> int:
    """Runs `python -m MODULE ARGUMENT ...` with further environment variables, and returns its exit status.

    The working directory is `folder`, or that of its log, which is not the project's either.
    """
    assert command[:2] == ["python", "-m"]
    arguments = (command[2], command[3:], dict(environment), log, folder or log.parent)
    process = _CONTEXT.Process(target=_run_module, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def _run_module(
    name: str, arguments: list[str], environment: dict[str, str], log: pathlib.Path, folder: pathlib.Path
) -> None:
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    # The fork server may have asked for the folder already.
    tempfile.tempdir = None
    os.chdir(folder)
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
