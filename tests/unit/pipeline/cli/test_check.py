import io
import json
import pathlib
import shutil
from collections.abc import Callable

import pytest
import tensorflow as tf
from hash_splits import split_by_hash
from rich.console import Console

from components import features
from components.dataset.entries import LABELS
from components.dataset.splitting.rules import SplitRatios
from components.errors import UserError
from pipeline.cli.data.check import check_dataset
from pipeline.config.load import load_config

RATIOS = SplitRatios()
WIDTH, HEIGHT = 100, 45


def run_check(
    data_root: str, *, as_json: bool = False, max_quarantine_ratio: float = 0.1, settings: tuple[str, ...] = ()
) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=WIDTH, height=HEIGHT, color_system=None)
    config = load_config("dfdc", [f"data.max_quarantine_ratio={max_quarantine_ratio}", *settings])
    code = check_dataset(data_root, config, console, as_json=as_json)
    return code, console.file.getvalue()  # type: ignore[attr-defined]


def row(text: str, title: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.startswith(title))


def assert_fits_the_screen(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= HEIGHT
    assert max(map(len, lines)) <= WIDTH


@pytest.fixture
def healthy_root(tmp_path: pathlib.Path, write_video: Callable[..., str]) -> str:
    """A data set with one video of each class in each split."""
    wanted = {(split, label) for split in features.SPLITS for label in LABELS}
    metadata = {}
    for index in range(1000):
        name = f"video_{index}.mp4"
        match = next((it for it in sorted(wanted) if it[0] == split_by_hash(name, RATIOS)), None)
        if match:
            wanted.remove(match)
            metadata[name] = {"label": match[1]}
            write_video(name, frames=5, width=64, height=48, seed=index)
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    return str(tmp_path)


@pytest.fixture
def dfdc_root(request: pytest.FixtureRequest, shared_data: pathlib.Path, tmp_path: pathlib.Path) -> str:
    shutil.copy(shared_data / "dfdc_metadata" / request.param, tmp_path / "metadata.json")
    return str(tmp_path)


def test_a_healthy_data_set(healthy_root: str) -> None:
    code, text = run_check(healthy_root)
    assert code == 0
    assert "6 videos in 6 groups by original" in text
    for split in features.SPLITS:
        assert row(text, split) == [split, "1", "1", "1", "1"]
    assert row(text, "all ") == ["all", "3", "3", "3", "3"]
    assert row(text, "codec") == ["codec", "6", "h264"]
    assert row(text, "resolution") == ["resolution", "6", "64x48"]
    assert "6 of 6 opened" in text
    assert text.rstrip().endswith("A run on these data can start.")
    assert_fits_the_screen(text)


def test_json(healthy_root: str) -> None:
    code, text = run_check(healthy_root, as_json=True)
    report = json.loads(text)
    assert code == 0
    assert report["ok"] is True
    assert report["labels"] == {"FAKE": 3, "REAL": 3}
    assert report["splits"]["test"] == {"FAKE": 1, "REAL": 1}
    assert report["ratios"] == {"train": 8, "eval": 1, "test": 1}

    video = next(pathlib.Path(healthy_root).glob("*.mp4"))
    video.unlink()
    code, text = run_check(healthy_root, as_json=True)
    report = json.loads(text)
    assert code == 2
    assert report["ok"] is False
    assert report["missing"] == [video.name]
    assert len(report["problems"]) == 2


@pytest.mark.parametrize(
    ("dfdc_root", "videos", "names"),
    [("metadata.json", 400, "aagfhgtpmv.mp4"), ("dfdc_train_part_3_metadata.json", 1455, "aafezqchru.mp4")],
    indirect=["dfdc_root"],
)
def test_dfdc_without_its_videos(dfdc_root: str, videos: int, names: str) -> None:
    code, text = run_check(dfdc_root)
    assert code == 2
    assert row(text, "missing")[:3] == ["missing", f"{videos:,}", f"{names},"]
    assert f"{videos} of {videos} videos are missing" in " ".join(text.split())
    assert text.rstrip().endswith("A run on these data would fail.")
    assert_fits_the_screen(text)
    assert len(json.loads(run_check(dfdc_root, as_json=True)[1])["missing"]) == videos


def test_official_counts_stand_beside_the_used_ones(tmp_path: pathlib.Path) -> None:
    metadata = {f"{index}.mp4": {"label": LABELS[index % 2], "split": "train"} for index in range(18)}
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    code, text = run_check(str(tmp_path), settings=("split.by=column",))
    assert code == 2
    assert "split 8:1:1 by column" in text
    assert row(text, "train") == ["train", "9", "9", "8", "8", "0", "0"]
    assert row(text, "eval") == ["eval", "0", "0", "1", "1", "0", "0"]
    assert row(text, "all ") == ["all", "9", "9", "9", "9", "0", "0"]
    assert_fits_the_screen(text)


def test_real_clips(shared_data: pathlib.Path) -> None:
    code, text = run_check(str(shared_data / "real_clips" / "sadtalker"))
    assert code == 0
    assert row(text, "all ") == ["all", "10", "6", "10", "6"]
    assert "16 of 16 opened" in text
    assert_fits_the_screen(text)


def test_the_worst_case_fits_the_screen(shared_data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    odd = shared_data / "odd_videos" / "odd_derived"
    for part in ("a" * 60, "b" * 60):
        shutil.copytree(odd, tmp_path / part)
        names = sorted(path.name for path in odd.iterdir())[5:]
        fields = ({"label": label} for label in ["FAKE"] * 58 + ["REAL"] * 3)
        listed = dict(zip(names, fields, strict=False)) | {"gone.mp4": {"label": "FAKE"}}
        (tmp_path / part / "metadata.json").write_text(json.dumps(listed))
    (tmp_path / "notes").mkdir()
    code, text = run_check(str(tmp_path), max_quarantine_ratio=0.2)
    assert code == 2
    assert "problem" in text
    assert "warning" in text
    assert_fits_the_screen(text)


def test_names_do_not_disturb_the_terminal(tmp_path: pathlib.Path) -> None:
    (tmp_path / "metadata.json").write_text('{"[bold]a[red].mp4": {"label": "FAKE"}}')
    (tmp_path / "\x1b[31m\n.mp4").touch()
    _, text = run_check(str(tmp_path))
    assert "[bold]a[red].mp4" in text
    assert r"\x1b[31m\n.mp4" in text
    assert "\x1b" not in text


def test_of_a_bucket_only_some_videos_are_opened(write_video: Callable[..., str]) -> None:
    names = [f"{index}.mp4" for index in range(60)]
    tf.io.gfile.makedirs("ram://bucket")
    with tf.io.gfile.GFile("ram://bucket/metadata.json", "w") as file:
        file.write(json.dumps({name: {"label": "FAKE"} for name in names}))
    clip = write_video(frames=5, width=64, height=48)
    for name in names:
        tf.io.gfile.copy(clip, f"ram://bucket/{name}")
    _, text = run_check("ram://bucket")
    assert "50 of 60 opened" in text
    assert row(text, "missing") == ["missing", "0"]


def test_wrong_metadata_is_left_to_the_caller(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="is empty"):
        run_check(str(tmp_path))
