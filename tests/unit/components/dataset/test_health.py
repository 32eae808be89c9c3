import json
import pathlib
from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf
from hash_splits import split_by_hash

from components.dataset.health import evenly_chosen, examine, preflight
from components.dataset.health_report import HealthReport
from components.dataset.sources import read_dataset
from components.dataset.splitting.rules import SplitRatios, SplitRules
from components.errors import UserError
from components.features import SPLITS

RATIOS, RULES = SplitRatios(), SplitRules()


def report_of(data_root: str, *, group_by: str = "original", limit: int | None = None) -> HealthReport:
    rules = SplitRules(group_by=group_by)
    return examine(read_dataset(data_root, rules=rules), rules, 0.1, limit=limit)


@pytest.fixture
def healthy_root(
    write_dataset: Callable[..., str],
    healthy_metadata: Callable[..., dict[str, dict[str, str]]],
    clip: Callable[..., bytes],
) -> str:
    metadata = healthy_metadata(each=2)
    return write_dataset(metadata, {name: clip(seed) for seed, name in enumerate(metadata)})


def videos_of(data_root: str) -> list[pathlib.Path]:
    return sorted(pathlib.Path(data_root).glob("*.mp4"))


def preflight_refuses(data_root: str) -> str:
    with pytest.raises(UserError) as error:
        preflight(read_dataset(data_root), RULES, 0.1)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_a_healthy_data_set(healthy_root: str) -> None:
    report = report_of(healthy_root)
    assert report.problems == ()
    assert (report.videos, report.groups, report.probed) == (12, 12, 12)
    assert report.labels == {"FAKE": 6, "REAL": 6}
    assert report.splits == report.usable == {split: {"FAKE": 2, "REAL": 2} for split in ("train", "eval", "test")}
    assert report.resolutions == {"64x48": 12}
    assert report.codecs == {"h264": 12}
    sizes = [path.stat().st_size for path in videos_of(healthy_root)]
    assert report.size_bytes is not None
    assert (report.size_bytes.minimum, report.size_bytes.maximum) == (min(sizes), max(sizes))
    assert report.total_bytes == sum(sizes)
    assert report.duration_s is not None
    assert report.duration_s.median == pytest.approx(0.4)
    preflight(read_dataset(healthy_root), RULES, 0.1)


def test_progress_is_told(healthy_root: str) -> None:
    told: list[tuple[int, int]] = []
    examine(read_dataset(healthy_root), RULES, 0.1, progress=lambda *count: told.append(count))
    assert told == [(done, 12) for done in range(1, 13)]


def test_missing_videos(healthy_root: str) -> None:
    first, second, *_ = videos_of(healthy_root)
    first.unlink()
    assert report_of(healthy_root).problems == (), "one of twelve is below the limit"
    second.unlink()
    report = report_of(healthy_root)
    assert report.missing == (first.name, second.name)
    names = f"('{first.name}', '{second.name}')"
    assert report.problems[0].startswith(f"{healthy_root}: 2 of 12 videos are missing {names}")
    assert "17% lost, data.max_quarantine_ratio=0.1" in report.problems[0]
    message = preflight_refuses(healthy_root)
    assert "2 of 12 videos are missing" in message
    assert message.endswith(f"see deepfake check {healthy_root}")


def test_unreadable_videos(healthy_root: str) -> None:
    broken = videos_of(healthy_root)[:2]
    for path in broken:
        path.write_bytes(b"no video")
    report = report_of(healthy_root)
    assert report.unreadable == {"unreadable_container": tuple(path.name for path in broken)}
    assert "2 of 12 videos tried cannot be opened: 17% lost" in report.problems[0]
    assert sum(sum(labels.values()) for labels in report.usable.values()) == 10


def test_unreadable_videos_are_expected_among_those_not_opened(healthy_root: str) -> None:
    for path in videos_of(healthy_root)[::6]:
        path.write_bytes(b"no video")
    report = report_of(healthy_root, limit=2)
    assert report.probed == 2
    assert "2 of 2 videos tried cannot be opened: 100% lost" in report.problems[0]


def test_all_videos_are_corrupt(
    write_dataset: Callable[..., str], healthy_metadata: Callable[..., dict[str, dict[str, str]]]
) -> None:
    metadata = healthy_metadata(each=10)
    data_root = write_dataset(metadata, dict.fromkeys(metadata, b"no video"))
    assert "none of the 50 videos tried can be opened: unreadable_container" in preflight_refuses(data_root)
    assert "100% lost" in report_of(data_root).problems[0]


def test_preflight_downloads_nothing(healthy_metadata: Callable[..., dict[str, dict[str, str]]]) -> None:
    metadata = healthy_metadata(each=2)
    data_root = "ram://corrupt"
    for name in metadata:
        with tf.io.gfile.GFile(f"{data_root}/{name}", "w") as file:
            file.write("no video")
    with tf.io.gfile.GFile(f"{data_root}/metadata.json", "w") as file:
        file.write(json.dumps(metadata))
    preflight(read_dataset(data_root), RULES, 0.1)


def test_a_class_that_is_only_among_the_missing(
    healthy_root: str, healthy_metadata: Callable[..., dict[str, dict[str, str]]]
) -> None:
    metadata = healthy_metadata(each=2)
    for name, fields in metadata.items():
        if fields["label"] == "REAL" and split_by_hash(name, RATIOS) == "test":
            (pathlib.Path(healthy_root) / name).unlink()
    problems = examine(read_dataset(healthy_root), RULES, 0.5).problems
    assert len(problems) == 1
    assert "the test split has no REAL video" in problems[0]
    with pytest.raises(UserError, match="the test split has no REAL video"):
        preflight(read_dataset(healthy_root), RULES, 0.5)


def test_equal_videos_are_in_one_split(healthy_root: str, clip: Callable[..., bytes]) -> None:
    by_split: dict[str, list[pathlib.Path]] = {}
    for path in videos_of(healthy_root):
        by_split.setdefault(split_by_hash(path.name, RATIOS), []).append(path)
    for path in (by_split["train"][0], by_split["test"][0]):
        path.write_bytes(clip(99))
    report = report_of(healthy_root)
    assert len(report.duplicates) == 1
    assert set(report.duplicates[0].uris) == {by_split["train"][0].name, by_split["test"][0].name}
    assert len(report.duplicates[0].splits) == 1
    assert report.groups == 11
    assert any(
        "the same video under different names, kept in one split, 1 time" in warning for warning in report.warnings
    )


def test_equal_videos_with_different_labels(write_dataset: Callable[..., str], clip: Callable[..., bytes]) -> None:
    metadata = {"a.mp4": {"label": "REAL"}, "b.mp4": {"label": "FAKE", "original": "a.mp4"}}
    report = report_of(write_dataset(metadata, dict.fromkeys(metadata, clip())))
    assert report.duplicates[0].labels == ("FAKE", "REAL")
    assert any("the same video with different labels" in warning for warning in report.warnings)


def test_official_and_used_splits_are_both_reported(write_dataset: Callable[..., str]) -> None:
    metadata = {
        f"{split}{index}.mp4": {"label": ("REAL", "FAKE")[index % 2], "split": split}
        for split in ("train", "test")
        for index in range(40)
    }
    rules = SplitRules(SplitRatios(3, 1, 1), "column")
    report = examine(read_dataset(write_dataset(metadata), rules=rules), rules, 0.1)
    assert report.official == {
        split: {"FAKE": count, "REAL": count} for split, count in zip(SPLITS, (20, 0, 20), strict=True)
    }
    assert report.splits == {
        split: {"FAKE": count, "REAL": count} for split, count in zip(SPLITS, (15, 5, 20), strict=True)
    }
    assert any("no official eval: 10 videos of the official train" in warning for warning in report.warnings)
    assert not report_of(write_dataset(metadata)).official


def test_what_else_a_person_should_know(write_dataset: Callable[..., str], clip: Callable[..., bytes]) -> None:
    metadata = {"r.mp4": {"label": "REAL"}} | {f"f{index}.mp4": {"label": "FAKE"} for index in range(11)}
    write_dataset(files={"note.txt": b""}, folder="notes")
    warnings = report_of(write_dataset(metadata, {**dict.fromkeys(metadata, clip()), "new.mp4": b""})).warnings
    assert any("1 video not listed in metadata.json and so not used: 'new.mp4'" in line for line in warnings)
    assert any("1 folder without metadata.json and so not read: 'notes'" in line for line in warnings)
    assert any("11 FAKE to 1 REAL" in line for line in warnings)


def test_few_videos_to_judge_by(healthy_root: str) -> None:
    assert report_of(healthy_root).warnings == (
        "few videos to judge a model by, so coarse metrics: eval 2 FAKE, eval 2 REAL, test 2 FAKE, test 2 REAL",
        "2 FAKE and 2 REAL to test on are too few for narrow intervals; --set evaluator.cross_validation=5 measures "
        "on all 6 FAKE and 6 REAL, at the cost of 5 more trainings",
    )


@pytest.mark.parametrize(("count", "limit", "chosen"), [(5, None, 5), (5, 9, 5), (100, 7, 7), (0, 50, 0), (3, 0, 0)])
def test_even_choice(count: int, limit: int | None, chosen: int) -> None:
    items = evenly_chosen(np.arange(count), limit).tolist()
    assert len(set(items)) == len(items) == chosen
    assert items == sorted(items)
