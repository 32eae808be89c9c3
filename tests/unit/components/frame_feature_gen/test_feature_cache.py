import concurrent.futures
import os
import pathlib

import numpy as np
import pytest

from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache

DIGEST = "ab" * 32
SETTINGS = {"encoder": "0123", "sampling": "uniform"}


def entry(seed: int = 0, frames: int = 20) -> CachedFeatures:
    generator = np.random.default_rng(seed)
    return CachedFeatures(
        features=generator.normal(size=(frames, 2048)).astype(np.float32),
        timestamps_s=np.arange(frames, dtype=np.float32) / 30,
        face_status="not_wanted",
        good_frames=300,
        truncated=bool(seed % 2),
    )


def assert_equal(found: CachedFeatures | None, expected: CachedFeatures) -> None:
    assert found is not None
    for name in ("face_status", "good_frames", "truncated"):
        assert getattr(found, name) == getattr(expected, name)
    for name in ("features", "timestamps_s"):
        assert getattr(found, name).dtype == np.float32
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


@pytest.fixture(params=["local", "remote"])
def folder(request, tmp_path) -> str:
    return str(tmp_path / "new" / "cache") if request.param == "local" else f"ram://{tmp_path.name}/cache"


def test_what_was_written_is_read(folder):
    cache = FeatureCache(folder, SETTINGS)
    assert cache.read(DIGEST) is None
    cache.write(DIGEST, entry())
    assert_equal(cache.read(DIGEST), entry())


def test_other_content_and_other_settings_are_other_entries(folder):
    FeatureCache(folder, SETTINGS).write(DIGEST, entry())
    assert FeatureCache(folder, SETTINGS | {"sampling": "first"}).read(DIGEST) is None
    assert FeatureCache(folder, SETTINGS).read("cd" * 32) is None


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content[1:]]
)
def test_a_damaged_entry_is_dropped_and_made_again(tmp_path, damage):
    cache = FeatureCache(str(tmp_path), SETTINGS)
    cache.write(DIGEST, entry())
    path = pathlib.Path(cache.path(DIGEST))
    path.write_bytes(damage(path.read_bytes()))
    assert cache.read(DIGEST) is None
    assert not path.exists()
    cache.write(DIGEST, entry())
    assert_equal(cache.read(DIGEST), entry())


def test_a_write_that_was_cut_off_is_no_entry(tmp_path):
    cache = FeatureCache(str(tmp_path), SETTINGS)
    cache.write(DIGEST, entry())
    path = pathlib.Path(cache.path(DIGEST))
    path.rename(f"{path}.0123.partial")
    assert cache.read(DIGEST) is None


def test_two_runs_at_once_share_it(tmp_path):
    def use(seed: int) -> None:
        cache = FeatureCache(str(tmp_path), SETTINGS)
        for turn in range(20):
            cache.write(DIGEST, entry())
            assert_equal(cache.read(DIGEST), entry())
            cache.write(f"{turn:064d}", entry(turn))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(use, range(4)))
    assert not [name for _, _, names in os.walk(tmp_path) for name in names if name.endswith(".partial")]
