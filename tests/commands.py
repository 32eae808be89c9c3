"""Runs the command in a process of its own, whose rights are those of an ordinary user."""

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest

_PROJECT = pathlib.Path(__file__).parents[1]
_WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")
_ON_SMALL_DISK = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@"'


def deepfake_command(*arguments: str) -> list[str]:
    """Returns the command; root, too, is refused what the permissions of files refuse."""
    if os.geteuid() == 0 and not shutil.which(_WITHOUT_RIGHTS[0]):
        pytest.skip("root may write everywhere, and setpriv is not there")
    rights = _WITHOUT_RIGHTS if os.geteuid() == 0 else ()
    return [*rights, sys.executable, "-c", "from pipeline.cli.app import main; main()", *arguments]


def run_deepfake(
    folder: pathlib.Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder."""
    return _run(deepfake_command(*arguments), folder, environment or {})


def run_on_small_disk(disk: pathlib.Path, size: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs a command in the parent of the folder `disk`, on which a disk of this size is mounted meanwhile."""
    enter = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-ec", _ON_SMALL_DISK]
    if subprocess.run([*enter, "sh", size, str(disk), "true"], capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here")
    return _run([*enter, "sh", size, str(disk), *command], disk.parent, {})


def _run(
    command: Sequence[str], folder: pathlib.Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT), **environment}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=1100,
        check=False,
    )
