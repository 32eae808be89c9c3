"""A fresh clone on a Debian 13, with the newest stack; one for all tests."""

import dataclasses
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from debian_machine import DebianMachine, debian_machine, missing_for_machine

from components.stack import stack_versions


@dataclasses.dataclass(frozen=True)
class NewestStack:
    """The clone at `project` in `machine`, its environment made; `set_up` is what that printed."""

    machine: DebianMachine
    project: str
    set_up: str

    def deepfake(self, *arguments: str, folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
        """Runs the command in `folder`, which both machines have under one path."""
        program = f"{self.project}/.venv/bin/deepfake"
        return self.machine.run(program, *arguments, folder=str(folder), mounts={folder: str(folder)})


@dataclasses.dataclass(frozen=True)
class OlderStack:
    """The stack that runs the tests."""

    def deepfake(self, *arguments: str, folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
        """Runs the command in `folder`."""
        program = str(pathlib.Path(sys.executable).parent / "deepfake")
        return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="session")
def newest() -> Iterator[NewestStack]:
    """Skipped where no Debian can be made."""
    if reason := missing_for_machine():
        pytest.skip(reason)
    with debian_machine() as machine:
        project = machine.clone("tested")
        done = machine.run("make", "install", folder=project)
        assert done.returncode == 0, done.stdout + done.stderr[-3000:]
        yield NewestStack(machine, project, done.stdout)


@pytest.fixture(scope="session")
def older() -> OlderStack:
    """Skipped where the tests themselves are run by the newest."""
    if not stack_versions()["tfx"].startswith("1.16."):
        pytest.skip("the tests are not run by the older stack; make test PYTHON=3.10")
    return OlderStack()
