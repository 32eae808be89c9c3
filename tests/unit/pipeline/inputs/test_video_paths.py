import os

import pytest

from components.errors import UserError
from pipeline.inputs.paths import find_videos


@pytest.fixture
def folder(tmp_path) -> str:
    for name in ("b.mp4", "a.MOV", "no_suffix", "metadata.json", "LIST.CSV", "notes.md", "readme.txt", ".hidden.mp4"):
        (tmp_path / name).write_bytes(b"")
    for name in ("part/c.webm", ".cache/d.mp4"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"")
    return str(tmp_path)


def names(videos: list[str], folder: str) -> list[str]:
    return [os.path.relpath(video, folder) for video in videos]


def test_of_a_folder_all_is_taken_that_is_not_plainly_something_else(folder):
    assert names(find_videos([folder]), folder) == ["a.MOV", "b.mp4", "no_suffix", "part/c.webm"]


def test_paths_keep_their_order_and_no_video_is_taken_twice(folder):
    videos = find_videos([f"{folder}/b.mp4", f"{folder}/*.mp4", folder])
    assert names(videos, folder) == ["b.mp4", "a.MOV", "no_suffix", "part/c.webm"]


def test_a_named_file_is_taken_whatever_its_suffix(folder):
    assert names(find_videos([f"{folder}/notes.md"]), folder) == ["notes.md"]


def test_signs_of_a_glob_may_stand_in_a_name(tmp_path):
    path = tmp_path / "take [1].mp4"
    path.write_bytes(b"")
    assert find_videos([str(path)]) == [str(path)]


@pytest.mark.parametrize("path", ["{}/absent.mp4", "{}/*.avi", "{}/absent/"])
def test_what_is_not_there_is_told(folder, path):
    with pytest.raises(UserError, match="no such file or folder"):
        find_videos([path.format(folder)])


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(UserError, match="holds no videos"):
        find_videos([str(tmp_path)])
