"""A disk that fills while a node starts fails the run, with that reason in one line, and without a wait."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest
from demo_run import NAME, command
from short_demo import write_short_demo

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

ON_FULL_DISK = pathlib.Path(__file__).with_name("on_full_disk.py")
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_short_demo(folder, videos=30)
    return folder


@pytest.fixture(autouse=True)
def namespaces() -> None:
    if not shutil.which("unshare") or subprocess.run([*NAMESPACE, "true"], check=False).returncode:
        pytest.skip("no mount namespace can be made here")


@pytest.mark.parametrize("node", ["FrameFeatureGen", "StatisticsGen", "Transform", "Trainer"])
def test_a_disk_that_fills_while_a_node_starts_is_told_in_one_line(data, tmp_path, node):
    log = tmp_path / NAME / "run.log"
    arguments = [str(tmp_path), str(log), f"Component {node} is running", "300", *command(data, tmp_path)]
    ended = subprocess.run(
        [*NAMESPACE, sys.executable, str(ON_FULL_DISK), *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    told = json.loads(ended.stdout)
    assert told["code"] == 1, told["output"]
    (line,) = [line for line in told["output"].splitlines() if " failed: " in line]
    assert "no space left on device" in line
    assert "Traceback" not in told["output"]
