"""Names that differ only in Unicode normalization mean the same video, unless both files exist."""

import pytest

from components.dataset.folder import read_video_folder
from components.dataset.sources import read_dataset
from components.dataset.splitting.groups import connected_groups
from components.dataset.splitting.rules import SplitRules
from components.errors import UserError

NFC, NFD = "caf\u00e9.mp4", "cafe\u0301.mp4"
REAL, FAKE = {"label": "REAL"}, {"label": "FAKE"}


@pytest.mark.parametrize(("listed", "there"), [(NFC, NFD), (NFD, NFC)])
def test_listed_video_is_the_one_that_is_there(write_dataset, clip, listed, there):
    root = write_dataset({listed: REAL, "f.mp4": {**FAKE, "original": listed}}, {there: clip(), "f.mp4": clip(1)})
    dataset = read_dataset(root)
    assert (dataset.missing, dataset.unlisted) == ((), ())
    assert {entry.uri for entry in dataset.entries} == {there, "f.mp4"}
    assert {entry.uri: entry.label for entry in read_video_folder(root).entries} == {there: "REAL", "f.mp4": "FAKE"}
    assert len(connected_groups(dataset.videos, "original")) == 1


def test_two_videos_that_look_alike_are_both_kept(write_dataset, clip):
    root = write_dataset({NFC: REAL, NFD: FAKE}, {NFC: clip(), NFD: clip(1)})
    assert {entry.uri: entry.label for entry in read_dataset(root).entries} == {NFC: "REAL", NFD: "FAKE"}


def test_of_two_listed_ones_that_look_alike_one_is_missing(write_dataset, clip):
    root = write_dataset({NFC: REAL, NFD: FAKE}, {NFC: clip()})
    assert read_dataset(root).missing == (NFD,)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({NFC: REAL, "a.mp4": {**FAKE, "original": NFC}, "b.mp4": {**FAKE, "original": "a.mp4"}}, "is itself FAKE"),
        ({NFC: {**FAKE, "original": "r.mp4"}, "b.mp4": {**FAKE, "original": NFD}}, "is itself FAKE"),
        ({NFC: {**FAKE, "original": NFD}}, "is the video itself"),
    ],
)
def test_original_is_looked_up_in_whatever_form_its_name_is_kept(write_dataset, content, words):
    root = write_dataset(content, dict.fromkeys(content, b""))
    with pytest.raises(UserError, match=words):
        read_dataset(root)


def test_groups_of_any_kind_are_the_same_for_names_that_look_alike(write_dataset):
    content = {"a.mp4": {**REAL, "actor": "Zo\u00eb"}, "b.mp4": {**REAL, "actor": "Zoe\u0308"}}
    rules = SplitRules(group_by="meta/actor")
    dataset = read_dataset(write_dataset(content, dict.fromkeys(content, b"")), rules=rules)
    assert len(connected_groups(dataset.videos, "meta/actor")) == 1
