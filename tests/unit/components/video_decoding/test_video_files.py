import os
import pathlib

import pytest
import tensorflow as tf

from components.passing_trouble import Blame, blame_for
from components.video_decoding.files import hash_file, local_copy
from components.video_errors import Reason, VideoError

CONTENT = bytes(range(256)) * 5_000  # more than one chunk


@pytest.fixture(scope="module")
def remote_video() -> str:
    uri = "ram://videos/a.mp4"
    with tf.io.gfile.GFile(uri, "wb") as file:
        file.write(CONTENT)
    return uri


def test_remote_video_is_copied_for_as_long_as_it_is_needed(remote_video: str) -> None:
    with local_copy(remote_video) as path:
        assert os.path.basename(path) == "a.mp4"
        assert pathlib.Path(path).read_bytes() == CONTENT
    assert not os.path.exists(os.path.dirname(path))


def test_local_video_is_never_copied_however_large(tmp_path: pathlib.Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(CONTENT)
    with local_copy(str(video), max_bytes=1) as path:
        assert path == str(video)
    assert video.exists()


def test_remote_video_of_the_largest_size_is_copied(remote_video: str) -> None:
    with local_copy(remote_video, max_bytes=len(CONTENT)) as path:
        assert os.path.getsize(path) == len(CONTENT)


def test_too_large_remote_video_is_refused(remote_video: str) -> None:
    with pytest.raises(VideoError) as error, local_copy(remote_video, max_bytes=len(CONTENT) - 1):
        pass
    assert error.value.reason is Reason.TOO_LARGE
    assert str(len(CONTENT)) in error.value.detail


@pytest.mark.parametrize("root", ["ram://videos", "/nowhere"])
def test_missing_video(root: str) -> None:
    with pytest.raises(VideoError) as error, local_copy(f"{root}/none.mp4"):
        pass
    assert error.value.reason is Reason.MISSING


def test_what_storage_refuses_is_not_the_videos_fault_for_certain(tmp_path: pathlib.Path) -> None:
    # A folder can be asked for its size, and not copied.
    with pytest.raises(VideoError) as remote, local_copy(f"file://{tmp_path}"):
        pass
    # A regular file whose first bytes cannot be read.
    with pytest.raises(VideoError) as local:
        hash_file("/proc/self/mem")
    for error in (remote.value, local.value):
        assert (error.reason, blame_for(error)) == (Reason.UNREADABLE_CONTAINER, Blame.UNCLEAR)
    assert "Input/output error" in local.value.detail


@pytest.mark.e2e
def test_an_s3_store_that_is_not_there_costs_the_video_and_not_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1", "AWS_DEFAULT_REGION": "eu-central-1"}
    for name, value in {**given, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(VideoError) as error, local_copy("s3://bucket/a.mp4"):
        pass
    assert (error.value.reason, blame_for(error.value)) == (Reason.UNREADABLE_CONTAINER, Blame.UNCLEAR)
    assert "cannot be reached" in error.value.detail
