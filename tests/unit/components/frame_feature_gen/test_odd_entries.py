"""Whatever is not a whole entry of that very video is no entry, and no fault of the cache ends a run."""

import io
import os
import pathlib
import pickle

import numpy as np
import pytest
from earlier_entry import earlier_entry

from components.frame_feature_gen.feature_cache import SETTINGS_FILE, CachedFeatures, FeatureCache

DIGEST = "ab" * 32
OTHER = "cd" * 32
SETTINGS = {"encoder": "0123", "sampling": "uniform"}
ENTRY = CachedFeatures(
    np.ones((20, 64), np.float32), np.arange(20, dtype=np.float32), "not_wanted", 300, False, notes=("joined",)
)


@pytest.fixture
def cache(tmp_path) -> FeatureCache:
    cache = FeatureCache(str(tmp_path / "cache"), SETTINGS)
    cache.write(DIGEST, ENTRY)
    return cache


@pytest.fixture
def place(cache) -> pathlib.Path:
    """Where an entry is to be, and nothing is."""
    path = pathlib.Path(cache.path(DIGEST))
    path.unlink()
    return path


def as_of_the_version_before(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{**vars(ENTRY), **arrays})
    return earlier_entry(buffer.getvalue())


def require_none_and_replaced(cache: FeatureCache) -> None:
    assert cache.read(DIGEST) is None
    cache.write(DIGEST, ENTRY)
    found = cache.read(DIGEST)
    assert found is not None
    np.testing.assert_array_equal(found.features, ENTRY.features)
    assert found.notes == ENTRY.notes


def test_an_entry_under_the_name_of_another_video_is_none(tmp_path, cache):
    foreign = pathlib.Path(cache.path(OTHER))
    foreign.parent.mkdir()
    foreign.write_bytes(pathlib.Path(cache.path(DIGEST)).read_bytes())
    assert cache.read(OTHER) is None
    assert not foreign.exists()


def test_an_entry_of_other_settings_is_none(tmp_path, cache):
    other = FeatureCache(str(tmp_path / "cache"), {**SETTINGS, "sampling": "first"})
    path = pathlib.Path(other.path(DIGEST))
    path.parent.mkdir(parents=True)
    path.write_bytes(pathlib.Path(cache.path(DIGEST)).read_bytes())
    assert other.read(DIGEST) is None


def test_an_entry_of_the_version_before_is_read(cache, place):
    place.write_bytes(as_of_the_version_before())
    assert cache.read(DIGEST).notes == ENTRY.notes


@pytest.mark.parametrize(
    "arrays",
    [
        {"features": np.ones((20, 64))},
        {"features": np.ones(20, np.float32)},
        {"features": np.ones((0, 64), np.float32), "timestamps_s": np.ones(0, np.float32)},
        {"timestamps_s": np.ones(19, np.float32)},
        {"timestamps_s": np.ones(20, np.int64)},
        {"face_status": np.ones(3)},
        {"good_frames": "many"},
        {"truncated": np.zeros(2, bool)},
        {"crop_side": 1.5},
        {"notes": np.ones(2)},
        {"features": np.asarray([{}, None])},
    ],
)
def test_arrays_of_other_forms_are_no_entry(cache, place, arrays):
    place.write_bytes(as_of_the_version_before(**arrays))
    require_none_and_replaced(cache)


def _npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "payload",
    [b"", b"text", pickle.dumps(vars(ENTRY)), _npz(), _npz(features=ENTRY.features), b"\x93NUMPY\x01\x00v\x00{'descr'"],
    ids=["empty", "text", "pickle", "no keys", "some keys", "half an array"],
)
def test_a_payload_of_another_kind_is_no_entry(cache, place, payload):
    place.write_bytes(earlier_entry(payload))
    require_none_and_replaced(cache)


@pytest.mark.parametrize("kind", ["pipe", "link to itself", "link to nothing", "link to a device", "huge"])
def test_what_is_no_file_is_no_entry_and_nobody_waits_for_it(cache, place, kind):
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "huge":
        with place.open("wb") as file:
            file.truncate(40 << 20)
    else:
        place.symlink_to({"link to itself": place.name, "link to nothing": "gone"}.get(kind, "/dev/zero"))
    require_none_and_replaced(cache)


@pytest.mark.parametrize("place", ["entry", "folder of the entry", "folder of the settings", "settings"])
def test_a_cache_that_cannot_be_written_is_one_notice(tmp_path, notices, place):
    cache = FeatureCache(str(tmp_path), SETTINGS)
    entry = pathlib.Path(cache.path(DIGEST))
    settings = entry.parents[1]
    if place == "entry":
        (entry / "something").mkdir(parents=True)
    elif place == "settings":
        (settings / SETTINGS_FILE / "something").mkdir(parents=True)
    else:
        wrong = entry.parent if place == "folder of the entry" else settings
        wrong.parent.mkdir(parents=True, exist_ok=True)
        wrong.touch()
    read = cache.read(DIGEST)
    assert read is None
    assert cache.write(DIGEST, ENTRY) == (place == "settings")
    (line,) = notices
    assert str(tmp_path) in line


def test_a_failed_write_leaves_nothing_beside_it(tmp_path):
    cache = FeatureCache(str(tmp_path), SETTINGS)
    pathlib.Path(cache.path(DIGEST)).mkdir(parents=True)
    assert not cache.write(DIGEST, ENTRY)
    assert not list(tmp_path.rglob("*.partial"))
