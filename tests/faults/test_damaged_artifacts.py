"""After damage to any artifact or pushed model the same command ends as if there had been none."""

import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys
from typing import Any

import pytest
from short_demo import write_short_demo

pytestmark = pytest.mark.long

DEEPFAKE = str(pathlib.Path(sys.executable).parent / "deepfake")
SETTINGS = (
    "trainer.epochs=1",
    "report.filmstrips=0",
    "report.overlays=0",
    "encoder.precision=float32",
    "evaluator.bounds.auc.min=0.0",
    "evaluator.bounds.auc.worse_by=1.0",
)


@dataclasses.dataclass(frozen=True)
class Demo:
    """A run of the demo in a folder of its own."""

    home: pathlib.Path

    @property
    def folder(self) -> pathlib.Path:
        return self.home / "runs" / "demo"

    def run(self) -> tuple[dict[str, Any], str]:
        """Types the same command as ever, and returns the run's summary and what was printed."""
        command = [DEEPFAKE, "run", "--config", "demo", "--data-root", "data", *(f"--set={each}" for each in SETTINGS)]
        ended = subprocess.run(command, cwd=self.home, stdout=subprocess.PIPE, text=True, check=False)
        assert ended.returncode == 0, ended.stdout
        return json.loads((self.folder / "summary.json").read_text()), ended.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    home = tmp_path_factory.mktemp("damage")
    write_short_demo(home / "data", videos=30)
    return Demo(home)


@pytest.fixture(scope="module")
def undisturbed(demo) -> dict[str, Any]:
    summary, printed = demo.run()
    assert summary["pushed"]
    assert "made anew" not in printed
    return summary


def cut(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: pathlib.Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "Trainer": ("Trainer/model/*/Format-Serving/saved_model.pb", cut),
    "FrameEncoder": ("FrameEncoder/model/*/Format-Serving/variables/variables.data-00000-of-00001", flip),
    "FrameFeatureGen": ("FrameFeatureGen/examples/*/Split-train/*.gz", flip),
    "Transform": ("Transform/transform_graph/*/transform_fn/saved_model.pb", pathlib.Path.unlink),
    "Evaluator": ("Evaluator/video_metrics/*/metrics.json", cut),
}


def newest(files: list[pathlib.Path]) -> pathlib.Path:
    return max(files, key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("node", DAMAGE)
def test_a_damaged_artifact_is_made_anew(demo, undisturbed, node):
    pattern, change = DAMAGE[node]
    path = newest(list((demo.folder / "artifacts").glob(pattern)))
    change(path)
    summary, printed = demo.run()
    states = {each["node"]: each["state"] for each in summary["nodes"]}
    assert states[node] == "done"
    assert states["VideoExampleGen"] == "cached"
    (line,) = (line for line in printed.splitlines() if line.startswith("made anew"))
    assert path.name in line
    for same in ("verdict", "evaluation", "model"):
        assert summary[same] == undisturbed[same]
    assert not summary["pushed"]
    assert len(list((demo.folder / "model").iterdir())) == 1


@pytest.mark.parametrize("damage", ["empty", "flipped"])
def test_a_damaged_version_is_pushed_anew(demo, undisturbed, damage):
    version = newest(list((demo.folder / "model").iterdir()))
    if damage == "empty":
        shutil.rmtree(version)
        version.mkdir()
    else:
        flip(version / "saved_model.pb")
    summary, printed = demo.run()
    assert summary["pushed"]
    assert summary["model"] > str(version)
    assert f"version {version.name} was not whole" in summary["replaced"]
    assert any(line.startswith("replaced") for line in printed.splitlines())
    assert [path.name for path in (demo.folder / "model").iterdir()] == [pathlib.Path(summary["model"]).name]
    assert summary["evaluation"] == undisturbed["evaluation"]
