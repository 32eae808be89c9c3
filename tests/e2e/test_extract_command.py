"""`deepfake extract` as users run it: what it prints, and that it resumes after being killed."""

import json
import pathlib
import random
import signal
import subprocess
import sys

import numpy as np
import pytest
from native_log import without_native_log
from short_demo import SMALL_ENCODER
from waiting import wait_until

from components.frame_feature_gen.cache_upkeep import read_cache
from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache

pytestmark = pytest.mark.e2e


def command(folder: pathlib.Path, cache_dir: pathlib.Path, *further: str) -> list[str]:
    settings = [f"runs_dir={folder.parent / 'runs'}", SMALL_ENCODER, "encoder.weights=random:0", "extraction.workers=1"]
    return [
        *(sys.executable, "-c", "from pipeline.cli.app import main; main()"),
        *("extract", str(folder), "--cache-dir", str(cache_dir)),
        *(f"--set={setting}" for setting in settings),
        *further,
    ]


def extract(folder: pathlib.Path, cache_dir: pathlib.Path) -> tuple[int, dict]:
    ended = subprocess.run(command(folder, cache_dir, "--json"), check=False, capture_output=True, text=True)
    assert ended.returncode in (0, 3), ended.stderr
    return ended.returncode, json.loads(ended.stdout)


def cached(cache_dir: pathlib.Path) -> dict[str, CachedFeatures]:
    """All entries by the digest of the video."""
    found = {}
    for group in read_cache(str(cache_dir)):
        cache = FeatureCache(str(cache_dir), group.settings)
        for entry in group.entries:
            path = pathlib.Path(entry.path)
            digest = path.parent.name + path.stem
            content = cache.read(digest)
            assert content is not None
            found[digest] = content
    return found


@pytest.fixture
def folder(tmp_path, write_video) -> pathlib.Path:
    for index in range(10):
        write_video(f"videos/{index}.mp4", frames=8 + index, width=96, height=64, seed=index)
    (tmp_path / "videos" / "broken.mp4").write_bytes(b"no video")
    return tmp_path / "videos"


def test_killed_at_any_moment_it_goes_on_where_it_was(folder, tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    generator = random.Random(0)
    for _ in range(2):
        there = len(cached(killed))
        with subprocess.Popen(command(folder, killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wanted = there + generator.randint(1, 3)
            wait_until(
                lambda wanted=wanted: len(cached(killed)) >= wanted,
                alive=lambda process=process: process.poll() is None,
                seconds=300,
                what=f"{wanted} entries of the cache",
            )
            process.send_signal(signal.SIGKILL)
    done = len(cached(killed))
    assert 2 <= done < 10

    code, result = extract(folder, killed)
    assert (code, result["features"], result["quarantined"]) == (3, 10, {"unreadable_container": 1})
    assert (result["cached"], result["decoded"]) == (done, 10 - done)

    _, uninterrupted = extract(folder, whole)
    assert (uninterrupted["cached"], uninterrupted["decoded"]) == (0, 10)
    once, resumed = cached(whole), cached(killed)
    assert once.keys() == resumed.keys()
    for digest, entry in once.items():
        np.testing.assert_allclose(resumed[digest].features, entry.features, rtol=1e-5, atol=1e-9)
        np.testing.assert_array_equal(resumed[digest].timestamps_s, entry.timestamps_s)


def test_each_video_has_a_row_and_people_get_a_table(folder, tmp_path):
    _, result = extract(folder, tmp_path / "cache")
    rows = {pathlib.Path(row["uri"]).name: row for row in result["rows"]}
    assert len(rows) == len(result["rows"]) == 11
    assert (rows["3.mp4"]["state"], rows["3.mp4"]["frames"]) == ("decoded", 11)
    assert (rows["broken.mp4"]["state"], rows["broken.mp4"]["reason"]) == ("quarantined", "unreadable_container")

    ended = subprocess.run(command(folder, tmp_path / "cache"), check=False, capture_output=True, text=True)
    assert ended.returncode == 3
    assert not without_native_log(ended.stderr)
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ["features,", "cached", "10"] in [line[:3] for line in lines]
    assert ["quarantined:", "unreadable_container", "1"] in [line[:3] for line in lines]
