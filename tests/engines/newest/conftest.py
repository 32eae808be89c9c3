"""A fresh clone on Debian 13 with the newest stack, shared by all tests."""

import dataclasses
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from debian_machine import DebianMachine, debian_machine, missing_for_machine

from components.stack import stack_versions

# Four gigabytes are neither copied from the machine's cache nor compiled anew.
_ENVIRONMENT = ("env", "UV_LINK_MODE=hardlink", "PYTHONPYCACHEPREFIX=/root/.cache/pycache")


@dataclasses.dataclass(frozen=True)
class NewestStack:
    """The clone at `project` in `machine`, with its environment; `set_up` is the output of setting it up."""

    machine: DebianMachine
    project: str
    set_up: str

    def deepfake(self, *arguments: str, folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
        """Runs the command in `folder`, which has the same path on both machines."""
        program = f"{self.project}/.venv/bin/deepfake"
        return self.machine.run(*_ENVIRONMENT, program, *arguments, folder=str(folder), mounts={folder: str(folder)})


@dataclasses.dataclass(frozen=True)
class OlderStack:
    """The stack that runs the tests."""

    def deepfake(self, *arguments: str, folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
        """Runs the command in `folder`."""
        program = str(pathlib.Path(sys.executable).parent / "deepfake")
        return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="session")
def newest() -> Iterator[NewestStack]:
    """Skips the test if no Debian can be made."""
    if reason := missing_for_machine():
        pytest.skip(reason)
    with debian_machine() as machine:
        project = machine.clone("tested")
        done = machine.run(*_ENVIRONMENT, "make", "install", folder=project)
        assert done.returncode == 0, done.stdout + done.stderr[-3000:]
        yield NewestStack(machine, project, done.stdout)


@pytest.fixture(scope="session")
def older() -> OlderStack:
    """Skips the test if the tests themselves run on the newest stack."""
    if not stack_versions()["tfx"].startswith("1.16."):
        pytest.skip("the tests are not run by the older stack; make test PYTHON=3.10")
    return OlderStack()
