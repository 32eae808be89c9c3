"""After damage to any artifact or pushed model the same command ends as if there had been none."""

import dataclasses
import json
import pathlib
import shutil
from typing import Any

import pytest
from demo_commands import RUN, TRAINING, deepfake, new_folder

pytestmark = pytest.mark.long


@dataclasses.dataclass(frozen=True)
class Demo:
    """A run of the demo in a folder of its own."""

    home: pathlib.Path

    @property
    def folder(self) -> pathlib.Path:
        return self.home / RUN

    def run(self) -> tuple[dict[str, Any], str]:
        """Types the same command as ever, and returns the run's summary and what was printed."""
        code, printed, errors = deepfake(self.home, *TRAINING)
        assert code == 0, printed + errors
        return json.loads((self.folder / "summary.json").read_text()), printed


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    return Demo(new_folder(tmp_path_factory.mktemp("damage")))


@pytest.fixture(scope="module")
def first(demo) -> dict[str, Any]:
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
def test_a_damaged_artifact_is_made_anew(demo, first, node):
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
        assert summary[same] == first[same]
    assert not summary["pushed"]
    assert len(list((demo.folder / "model").iterdir())) == 1


@pytest.mark.parametrize("damage", ["empty", "flipped"])
def test_a_damaged_version_is_pushed_anew(demo, first, damage):
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
    assert summary["evaluation"] == first["evaluation"]
