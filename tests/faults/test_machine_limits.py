"""What the machine does not give is told in one line; what it limits stays limited."""

import pathlib
import resource
import subprocess

import pytest
from demo_run import command

pytestmark = pytest.mark.e2e

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.mark.parametrize("gibibytes", [3, 4])
def test_too_little_address_space_is_told_before_the_run(tmp_path, gibibytes):
    limit = gibibytes << 30
    ended = subprocess.run(
        command(tmp_path, tmp_path / "runs"),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert f"{limit >> 20:,} MiB of address space, and a run needs 6,144; type ulimit -v unlimited" in line


def test_a_machine_without_shared_memory_is_told_before_the_run(tmp_path):
    if subprocess.run([*NAMESPACE, "true"], check=False).returncode:
        pytest.skip("no mount namespace can be made here")
    (tmp_path / "dev").mkdir()
    script = str(pathlib.Path(__file__).with_name("without_shm.sh"))
    ended = subprocess.run(
        [*NAMESPACE, script, str(tmp_path / "dev"), *command(tmp_path, tmp_path / "runs")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("deepfake: /dev/shm: no semaphore can be made there (")
