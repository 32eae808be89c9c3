"""Folders of videos to score."""

import json

import pytest

from components.dataset.folder import read_video_folder
from components.errors import UserError


@pytest.fixture
def videos(tmp_path):
    for name in ("b.mp4", "a.avi", "deep/er/c.bin", ".hidden.mp4", ".git/d.mp4", "notes.txt", "scores.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path


def test_all_files_that_may_be_videos_are_there_without_labels(videos):
    folder = read_video_folder(str(videos))
    assert [entry.uri for entry in folder.entries] == ["a.avi", "b.mp4", "deep/er/c.bin"]
    assert {entry.label for entry in folder.entries} == {None}
    assert folder.labels_refused == ""


def test_labels_are_kept_and_listed_videos_that_are_not_there_are_none(videos):
    listed = {"b.mp4": {"label": "FAKE", "original": "gone.mp4", "actor": "x"}, "gone.mp4": {"label": "REAL"}}
    (videos / "metadata.json").write_text(json.dumps(listed))
    folder = read_video_folder(str(videos))
    by_uri = {entry.uri: entry for entry in folder.entries}
    assert set(by_uri) == {"a.avi", "b.mp4", "deep/er/c.bin"}
    fake = by_uri["b.mp4"]
    assert (fake.label, fake.originals, fake.meta) == ("FAKE", ("gone.mp4",), {"actor": "x"})
    assert by_uri["a.avi"].label is None


def test_metadata_that_cannot_be_used_stops_nothing_and_is_told(videos):
    (videos / "metadata.json").write_text('{"b.mp4": {"label": "fake"}}')
    folder = read_video_folder(str(videos))
    assert [entry.label for entry in folder.entries] == [None] * 3
    assert "did you mean FAKE" in folder.labels_refused


@pytest.mark.parametrize("name", ["nowhere", "empty", "a.avi"])
def test_no_videos_are_one_line(videos, name):
    (videos / "empty").mkdir()
    with pytest.raises(UserError, match=name) as told:
        read_video_folder(str(videos / name))
    assert "\n" not in str(told.value)
