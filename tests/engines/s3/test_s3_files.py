"""Files on S3 behave like local ones, to everything that opens files."""

import concurrent.futures
import os
import pathlib
import threading
import time

import numpy as np
import pytest
from earlier_version import PARTS, earlier_version

from components import storage
from components.file_patterns import expand, matching
from components.frame_feature_gen.cache_upkeep import list_fingerprints, prune_cache, read_cache
from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache
from components.loadable_folder import loadable_folder
from components.pusher.exclusion import kept_to_oneself
from components.pusher.publication import publish
from components.pusher.versions import highest_version, next_version
from components.served_model.version_files import FILES_FILE, find_version_damage, write_version_files
from components.trainer.training_state import StateFile, TrainingState
from components.video_decoding.files import hash_file, local_copy
from components.video_errors import VideoError
from components.whole_files import write_whole
from pipeline.runners.s3_for_tfx import register_s3

pytestmark = pytest.mark.engine

ENTRY = CachedFeatures(np.ones((3, 4), np.float32), np.arange(3, dtype=np.float32), "not_wanted", 30, False)


@pytest.fixture(params=["local", "s3", "minio"])
def root(request, tmp_path, s3) -> str:
    return str(tmp_path) if request.param == "local" else f"{request.param}://bucket/{tmp_path.name}"


def test_what_is_written_is_found_and_read(root):
    for name in ("a.txt", "part_0/b.txt", "part_1/deep/c.txt", "part_10/b.txt"):
        write_whole(f"{root}/{name}", name.encode())
    assert storage.read_bytes(f"{root}/part_0/b.txt") == b"part_0/b.txt"
    for there in ("a.txt", "part_1", "part_1/deep/", "part_1/deep/c.txt"):
        assert storage.exists(f"{root}/{there}")
    for absent in ("a", "part", "part_1/c.txt"):
        assert not storage.exists(f"{root}/{absent}")
    assert [storage.isdir(f"{root}/{name}") for name in ("part_1", "a.txt", "part")] == [True, False, False]
    assert sorted(name.rstrip("/") for name in storage.listdir(root)) == ["a.txt", "part_0", "part_1", "part_10"]
    walked = [(os.path.relpath(parent, root), sorted(names)) for parent, _, names in storage.walk(root)]
    expected = [(".", ["a.txt"]), ("part_0", ["b.txt"]), ("part_1", []), ("part_1/deep", ["c.txt"])]
    assert sorted(walked) == [*expected, ("part_10", ["b.txt"])]
    stat = storage.stat(f"{root}/a.txt")
    assert (stat.length, stat.is_directory) == (5, False)
    assert abs(stat.mtime_nsec / 1e9 - time.time()) < 60
    assert storage.stat(f"{root}/part_0").is_directory


def test_walks_skip_folders_that_are_taken_out(root):
    for name in (".hidden/a", "shown/a"):
        write_whole(f"{root}/{name}", b"")
    seen = []
    for parent, folders, _ in storage.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        seen.append(os.path.basename(parent))
    assert seen == [os.path.basename(root), "shown"]


def test_globs_match_within_a_folder_and_folders_are_literal(root):
    for name in ("v[1]/a.mp4", "v1/a.mp4", "v1/b.mp4", "v1/deep/c.mp4", "v1/d.json"):
        write_whole(f"{root}/{name}", b"")
    assert matching(root, "*/*.mp4") == [f"{root}/{name}" for name in ("v1/a.mp4", "v1/b.mp4", "v[1]/a.mp4")]
    assert matching(f"{root}/v[1]", "*") == [f"{root}/v[1]/a.mp4"]
    assert matching(root, "*/d.json") == [f"{root}/v1/d.json"]
    assert matching(f"{root}/absent", "*") == []
    assert expand(f"{root}/v1/?.mp4") == [f"{root}/v1/a.mp4", f"{root}/v1/b.mp4"]
    assert expand(f"{root}/v[1]/*") == [f"{root}/v[1]/a.mp4"]
    assert expand(f"{root}/v1/absent.mp4") == []


def test_files_are_copied_and_removed(root, tmp_path):
    (tmp_path / "here").write_bytes(bytes(9 << 20))
    storage.copy(str(tmp_path / "here"), f"{root}/there")
    storage.copy(f"{root}/there", f"{root}/again")
    storage.copy(f"{root}/again", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == bytes(9 << 20)
    storage.remove(f"{root}/there")
    assert not storage.exists(f"{root}/there")
    write_whole(f"{root}/folder/deep/file", b"")
    storage.remove_folder(f"{root}/folder")
    assert not storage.exists(f"{root}/folder")


def test_what_is_missing_is_told_alike(root):
    for look in (storage.read_bytes, storage.stat):
        with pytest.raises(FileNotFoundError):
            look(f"{root}/absent")
    with pytest.raises(VideoError, match="is not there"), local_copy(f"{root}/absent.mp4"):
        pass


def test_marks_of_folders_are_no_files(s3, tmp_path):
    prefix = tmp_path.name
    for key in (f"{prefix}/", f"{prefix}/variables/"):
        s3.client.put_object(Bucket="bucket", Key=key, Body=b"")
    write_whole(f"{s3.uri}/{prefix}/variables/index", b"x")
    assert storage.listdir(f"{s3.uri}/{prefix}") == ["variables/"]
    copy = loadable_folder(f"{s3.uri}/{prefix}")
    assert os.listdir(os.path.join(copy, "variables")) == ["index"]


def test_cache_keeps_finds_and_prunes_its_entries(root):
    cache = FeatureCache(root, {"sampling": "uniform"})
    assert cache.read("ab" * 32) is None
    cache.write("ab" * 32, ENTRY)
    np.testing.assert_array_equal(cache.read("ab" * 32).features, ENTRY.features)
    storage.write_bytes(cache.path("ab" * 32), b"damaged")
    assert cache.read("ab" * 32) is None
    assert not storage.exists(cache.path("ab" * 32))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: cache.write(f"{one:064x}", ENTRY), range(40)))
    (group,) = read_cache(root)
    assert len(group.entries) == 40
    assert list_fingerprints(root) == [group.fingerprint]
    assert len(prune_cache(root, max_bytes=group.size_bytes // 2)) == 20
    assert len(read_cache(root)[0].entries) == 20


def test_whole_versions_are_found_and_the_next_one_is_higher(root):
    for version, parts in (("7", PARTS), ("9", PARTS), ("99999999999", PARTS[1:]), ("notes", PARTS)):
        for part in parts:
            write_whole(f"{root}/{version}/{part}", b"")
    assert highest_version(root) == (9, f"{root}/9")
    assert next_version(root) == 100000000000
    assert highest_version(f"{root}/absent") is None


def test_a_pushed_version_is_one_once_its_list_of_files_is_there(root, tmp_path):
    def write(folder: str) -> None:
        earlier_version(pathlib.Path(folder), ".")
        write_version_files(folder)

    with kept_to_oneself(root) as alone:
        first, second = (publish(root, write, alone=alone) for _ in range(2))
    assert highest_version(root) == (int(os.path.basename(second)), second)
    assert find_version_damage(second, content=True) == ""
    storage.write_bytes(f"{second}/{PARTS[1]}", b"half")
    assert highest_version(root) == (int(os.path.basename(first)), first)
    # As a push that was killed, or is still at work, leaves it.
    for name in (FILES_FILE, PARTS[0]):
        storage.remove(f"{first}/{name}")
    assert highest_version(root) is None


def test_pushes_of_one_moment_get_numbers_of_their_own(root, tmp_path):
    together = threading.Barrier(4)

    def push(_: int) -> str:
        def write(folder: str) -> None:
            earlier_version(pathlib.Path(folder), ".")
            write_version_files(folder)
            if "://" in root:
                together.wait(60)

        with kept_to_oneself(root) as alone:
            return publish(root, write, alone=alone)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(push, range(4)))
    assert len(versions) == 4
    assert [find_version_damage(version, content=True) for version in versions] == [""] * 4
    # No claim is left; the folder may hold another test's versions.
    assert not any(name.startswith(".") for name in storage.listdir(root))


def test_state_of_a_training_is_kept_until_it_is_removed(root):
    state = StateFile(root, "training")
    assert state.read() is None
    state.write(TrainingState([np.ones(3)], [], {"loss": [0.5]}))
    assert StateFile(root, "training").read().history == {"loss": [0.5]}
    state.remove()
    assert state.read() is None


def test_local_copy_of_a_video_is_the_video(data_root, local_data):
    video = next(local_data.glob("*.mp4"))
    with local_copy(f"{data_root}/{video.name}") as path:
        assert hash_file(path) == hash_file(str(video))


def test_tfx_finds_files_on_s3(data_root):
    from tfx.utils import io_utils

    register_s3()
    before = io_utils.generate_fingerprint("videos", f"{data_root}/*.mp4")
    assert before.startswith("split:videos,num_files:12,")
