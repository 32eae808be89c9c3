"""Which label belongs to which video, and what is reported about those without a partner."""

import json
import os
import pathlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.features import FAKE, REAL
from components.submission_gen.metrics import Truth
from pipeline.inputs.label_matching import match_labels
from pipeline.inputs.labels import read_labels

VIDEOS = ["/data/real/000.mp4", "/data/fake/000.mp4", "/data/fake/001.mp4"]
NFC, NFD = "caf\u00e9.mp4", "cafe\u0301.mp4"


def matched(labels, videos=VIDEOS, *, path="/elsewhere/labels.csv", folders=("/data",)):
    told: list[str] = []
    truths = {name: Truth(label, name) for name, label in labels.items()}
    known = match_labels(truths, videos, path=path, folders=folders, tell=told.append)
    return {uri: truth.label for uri, truth in known.by_uri.items()}, told


def test_one_name_is_not_the_label_of_two_videos():
    found, told = matched({"000.mp4": FAKE, "001.mp4": FAKE})
    assert found == {"/data/fake/001.mp4": FAKE}
    assert told == [
        "of several videos, so of none: 1 ('000.mp4'), the first of /data/real/000.mp4 and /data/fake/000.mp4; "
        "write their paths",
        "none for videos: 2 ('/data/real/000.mp4', '/data/fake/000.mp4')",
    ]


BY_PATH = {
    "of the folder that is given": ({"real/000.mp4": REAL, "fake/000.mp4": FAKE}, {}),
    "absolute": ({"/data/real/000.mp4": REAL, "/data/fake/000.mp4": FAKE}, {}),
    "of the labels' folder": (
        {"../real/000.mp4": REAL, "./000.mp4": FAKE},
        {"path": "/data/fake/labels.json", "folders": ()},
    ),
    "the end": ({"real/000.mp4": REAL, "fake/000.mp4": FAKE}, {"folders": ()}),
}


@pytest.mark.parametrize("kind", BY_PATH)
def test_label_is_matched_by_its_path(kind):
    labels, where = BY_PATH[kind]
    found, _ = matched(labels, **where)
    assert found == {"/data/real/000.mp4": REAL, "/data/fake/000.mp4": FAKE}


def test_path_goes_before_a_name_that_is_alike():
    found, told = matched({"000.mp4": REAL, "fake/000.mp4": FAKE}, VIDEOS[1:])
    assert found == {"/data/fake/000.mp4": FAKE}
    assert told[0] == "of no video that is given: 1 ('000.mp4')"


def test_label_of_another_folder_is_not_taken():
    found, _ = matched({"real/001.mp4": REAL})
    assert found == {}


def test_bucket_is_matched_as_a_folder_is():
    videos = ["gs://b/v/real/0.mp4", "gs://b/v/fake/0.mp4"]
    for labels in (
        {"gs://b/v/real/0.mp4": REAL, "gs://b/v/fake/0.mp4": FAKE},
        {"real/0.mp4": REAL, "fake/0.mp4": FAKE},
    ):
        found, _ = matched(labels, videos, path="gs://b/v/labels.csv", folders=["gs://b/v"])
        assert found == dict(zip(videos, (REAL, FAKE), strict=True))


def test_two_labels_of_one_video_that_contradict_each_other_are_one_line():
    with pytest.raises(UserError, match=r"'fake/001.mp4' is FAKE and './fake/001.mp4' is REAL, and both mean /data"):
        matched({"fake/001.mp4": FAKE, "./fake/001.mp4": REAL})
    found, told = matched({"fake/001.mp4": FAKE, "./fake/001.mp4": FAKE})
    assert found == {"/data/fake/001.mp4": FAKE}
    assert told[0] == "there twice, saying the same: 1 ('./fake/001.mp4')"


def test_names_that_look_alike_are_the_same():
    assert matched({NFC: FAKE}, [f"/data/{NFD}"])[0] == {f"/data/{NFD}": FAKE}
    assert matched({NFC: FAKE}, [f"/data/deep/{NFD}"])[0] == {f"/data/deep/{NFD}": FAKE}
    both = {f"/data/{NFC}": REAL, f"/data/{NFD}": FAKE}
    assert matched({NFD: FAKE, NFC: REAL}, list(both))[0] == both


FOLDERS = st.sampled_from(["", "real/", "fake/", "fake/deep/"])


@given(st.sets(st.tuples(FOLDERS, st.sampled_from(["0.mp4", "1.mp4", NFC, NFD])), min_size=1), st.randoms())
def test_paths_give_each_video_its_own_label_and_names_never_anothers(videos, random):
    uris = [f"/data/{folder}{name}" for folder, name in sorted(videos)]
    labels = {uri.removeprefix("/data/"): random.choice([REAL, FAKE]) for uri in uris}
    found, told = matched(labels, uris)
    assert found == {uri: labels[uri.removeprefix("/data/")] for uri in uris}
    assert not told
    # By plain names, from a labels file elsewhere: a video gets its own label or none.
    own = {uri: os.path.basename(uri) for uri in uris}
    bare = {name: random.choice([REAL, FAKE]) for name in own.values()}
    found, _ = matched(bare, uris, folders=())
    names = [unicodedata.normalize("NFC", name) for name in own.values()]
    for uri, label in found.items():
        assert label == bare[own[uri]]
        assert names.count(unicodedata.normalize("NFC", own[uri])) == 1 or own[uri] in bare


def written(folder: pathlib.Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.csv", "filename,label\nb.mp4,REAL\na.mp4,FAKE\na.mp4,REAL\n"),
        ("labels.json", '{"b.mp4": {"label": "REAL"}, "a.mp4": {"label": "FAKE"}, "a.mp4": {"label": "REAL"}}'),
    ],
)
def test_name_that_is_there_twice_is_told_or_refused(tmp_path, name, text):
    with pytest.raises(UserError, match=r"'a.mp4' is there twice, as FAKE and REAL; keep the one that is right"):
        read_labels(written(tmp_path, name, text))
    told: list[str] = []
    same = text.replace("REAL", "FAKE")
    assert {key: truth.label for key, truth in read_labels(written(tmp_path, name, same), told.append).items()} == {
        "b.mp4": FAKE,
        "a.mp4": FAKE,
    }
    assert told == ["there twice, saying the same: 1 ('a.mp4')"]


def test_json_may_name_paths(tmp_path):
    content = {"real/0.mp4": {"label": "REAL"}, "/data/f/0.mp4": {"label": "FAKE", "original": "r.mp4"}}
    found = read_labels(written(tmp_path, "labels.json", json.dumps(content)))
    assert found == {"real/0.mp4": Truth(REAL, "0.mp4"), "/data/f/0.mp4": Truth(FAKE, "r.mp4")}


@pytest.mark.parametrize("text", ['{"a.mp4": {"label": "FAKE", "label": "REAL"}}', "{}", "[" * 100_000, '{"a/": {}}'])
def test_labels_that_cannot_be_used_are_one_line(tmp_path, text):
    with pytest.raises(UserError, match=r"--labels .*labels.json") as told:
        read_labels(written(tmp_path, "labels.json", text))
    assert len(str(told.value).splitlines()) == 1
