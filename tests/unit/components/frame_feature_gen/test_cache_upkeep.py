import os
import pathlib
import time

import numpy as np
import pytest

from components.frame_feature_gen.cache_upkeep import prune_cache, read_cache
from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache
from pipeline.cli.app import main

DAY = 24 * 3600
ENTRY = CachedFeatures(np.ones((20, 64), np.float32), np.arange(20, dtype=np.float32), "not_wanted", 300, False)


@pytest.fixture
def folder(tmp_path) -> str:
    """Four entries of `uniform`, zero to three days old, and one of `first`."""
    uniform = FeatureCache(str(tmp_path), {"sampling": "uniform", "encoder": "0123"})
    for days in range(4):
        uniform.write(f"{days:064d}", ENTRY)
        then = time.time() - days * DAY
        os.utime(uniform.path(f"{days:064d}"), (then, then))
    FeatureCache(str(tmp_path), {"sampling": "first", "encoder": "0123"}).write("ab" * 32, ENTRY)
    return str(tmp_path)


def entries(folder: str) -> dict[str, int]:
    return {group.settings["sampling"]: len(group.entries) for group in read_cache(folder)}


def test_a_cache_is_listed_by_its_settings(folder):
    assert entries(folder) == {"uniform": 4, "first": 1}
    assert read_cache(f"{folder}/absent") == []


def test_the_oldest_entries_go_first(folder):
    size = read_cache(folder)[0].entries[0].size_bytes
    removed = prune_cache(folder, max_bytes=3 * size)
    assert [pathlib.Path(entry.path).stem[-1] for entry in removed] == ["3", "2"]
    assert entries(folder) == {"uniform": 2, "first": 1}


def test_bounds_of_age_and_of_settings(folder):
    uniform = next(group for group in read_cache(folder) if group.settings["sampling"] == "uniform")
    prune_cache(folder, max_age_s=2.5 * DAY)
    assert entries(folder) == {"uniform": 3, "first": 1}
    prune_cache(folder, fingerprint=uniform.fingerprint)
    assert entries(folder) == {"uniform": 0, "first": 1}


def test_only_abandoned_writes_are_cleared(folder):
    partials = [pathlib.Path(folder, name) for name in ("new.partial", "old.partial")]
    for partial in partials:
        partial.write_bytes(b"")
    os.utime(partials[1], (0, 0))
    assert prune_cache(folder, max_age_s=10 * DAY) == []
    assert [partial.exists() for partial in partials] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["stats"], 0, "uniform"),
        (["stats", "--json"], 0, '"entries": 4'),
        (["prune", "--max-gb", "0"], 0, "features of 5 videos removed"),
        (["prune"], 2, "type --max-gb, --older-than-days or --fingerprint"),
        (["prune", "--fingerprint", "0000"], 2, "'0000' is not in"),
    ],
)
def test_the_command_shows_and_bounds_it(folder, monkeypatch, capsys, arguments, code, said):
    monkeypatch.setattr("sys.argv", ["deepfake", "cache", arguments[0], folder, *arguments[1:]])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def settings_files(folder: str) -> list[pathlib.Path]:
    return sorted(pathlib.Path(folder).glob("*/settings.json"))


@pytest.mark.parametrize("damage", ["cut", "list", "not UTF-8", "folder", "pipe", "gone"])
def test_settings_that_cannot_be_read_leave_their_entries_countable(folder, damage, deepfake):
    for path in settings_files(folder):
        content = path.read_bytes()
        path.unlink()
        if damage == "folder":
            path.mkdir()
        elif damage == "pipe":
            os.mkfifo(path)
        elif damage != "gone":
            path.write_bytes({"cut": content[:9], "list": b"[]", "not UTF-8": b"\xff"}[damage])
    assert sorted(len(group.entries) for group in read_cache(folder)) == [1, 4]
    assert deepfake("cache", "stats", folder)[0] == 0
    code, printed, _ = deepfake("cache", "prune", folder, "--max-gb", "0")
    assert (code, printed.split(",")[0]) == (0, "features of 5 videos removed")


@pytest.mark.parametrize("name", ["a[1]", "[!a]\\", "*?", "ä {b}"])
def test_a_cache_below_a_folder_whose_name_looks_like_a_glob(tmp_path, name, deepfake):
    folder = tmp_path / name / "cache"
    FeatureCache(str(folder), {"sampling": "uniform"}).write("ab" * 32, ENTRY)
    for given in (str(folder), f"{name}/cache"):
        assert "uniform" in deepfake("cache", "stats", given)[1]
    assert "features of 1 videos removed" in deepfake("cache", "prune", str(folder), "--older-than-days", "0")[1]


def test_links_are_not_followed_and_what_is_no_file_is_no_entry(folder):
    first = settings_files(folder)[0].parent
    (first / "again").symlink_to(".")
    (first / "elsewhere").symlink_to("/")
    os.mkfifo(first / "pipe.features")
    (first / "folder.features").mkdir()
    assert sorted(len(group.entries) for group in read_cache(folder)) == [1, 4]
