import json

import pytest

from components.errors import UserError
from pipeline.exploration.dataset_tables import dataset_table, fakes_by_original, family_of, unlabelled_table


@pytest.fixture
def data_root(tmp_path, write_video) -> str:
    write_video("data/real.mp4")
    write_video("data/fake.mp4")
    listed = {
        "real.mp4": {"label": "REAL", "split": "train"},
        "fake.mp4": {"label": "FAKE", "original": "real.mp4", "family": "swap", "missing": "mouth"},
        "gone.mp4": {"label": "FAKE", "original": "real.mp4"},
    }
    (tmp_path / "data" / "metadata.json").write_text(json.dumps(listed))
    return str(tmp_path / "data")


def test_each_listed_video_is_a_row(data_root):
    table = dataset_table(data_root)
    assert table.index.tolist() == ["fake.mp4", "gone.mp4", "real.mp4"]
    assert table["label"].to_dict() == {"fake.mp4": "FAKE", "gone.mp4": "FAKE", "real.mp4": "REAL"}
    assert table.index[table["original"].isna()].tolist() == ["real.mp4"]
    assert table.index[table["missing"]].tolist() == ["gone.mp4"]


def test_further_columns_are_kept_whatever_they_are_called(data_root):
    table = dataset_table(data_root)
    assert table.columns.tolist() == ["label", "original", "missing", "family", "meta/missing"]
    assert table.loc["fake.mp4", "family"] == "swap"
    assert table.loc["fake.mp4", "meta/missing"] == "mouth"


def test_family_is_the_original_and_its_fakes_as_far_as_they_are_there(data_root):
    table = dataset_table(data_root)
    assert family_of(table, "real.mp4").tolist() == ["real.mp4", "fake.mp4"]
    assert family_of(table.drop("real.mp4"), "real.mp4").tolist() == ["fake.mp4"]


def test_originals_are_counted_with_the_most_fakes_first(tmp_path):
    listed = {
        "alone.mp4": {"label": "REAL"},
        "real.mp4": {"label": "REAL"},
        "one.mp4": {"label": "FAKE", "original": "real.mp4"},
        "two.mp4": {"label": "FAKE", "original": "elsewhere.mp4"},
        "three.mp4": {"label": "FAKE", "original": "elsewhere.mp4"},
    }
    (tmp_path / "metadata.json").write_text(json.dumps(listed))
    counts = fakes_by_original(dataset_table(str(tmp_path)))
    assert list(counts.items()) == [("elsewhere.mp4", 2), ("real.mp4", 1), ("alone.mp4", 0)]


def test_originals_without_fakes_are_still_families(tmp_path):
    (tmp_path / "metadata.json").write_text(json.dumps({"a.mp4": {"label": "REAL"}, "b.mp4": {"label": "FAKE"}}))
    assert fakes_by_original(dataset_table(str(tmp_path))).to_dict() == {"a.mp4": 0}


def test_family_is_found_in_every_folder(tmp_path):
    for folder, listed in (
        ("part_0", {"a.mp4": {"label": "REAL"}, "b.mp4": {"label": "FAKE", "original": "a.mp4"}}),
        ("part_1", {"c.mp4": {"label": "FAKE", "original": "a.mp4"}, "d.mp4": {"label": "REAL"}}),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "metadata.json").write_text(json.dumps(listed))
        for name in listed:
            (tmp_path / folder / name).touch()
    family = family_of(dataset_table(str(tmp_path)), "a.mp4")
    assert family.tolist() == ["part_0/a.mp4", "part_0/b.mp4", "part_1/c.mp4"]


def test_folder_without_metadata_is_a_list_of_videos(tmp_path, write_video):
    path = write_video("new/part/clip.mp4")
    (tmp_path / "new" / "notes.txt").write_text("no video")
    table = unlabelled_table(str(tmp_path / "new"))
    assert table.index.tolist() == ["part/clip.mp4"]
    with open(path, "rb") as file:
        assert table["size_mb"].tolist() == [len(file.read()) / 1e6]


def test_unlabelled_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match="no such file or folder"):
        unlabelled_table(str(tmp_path / "nowhere"))


def test_family_is_found_in_whatever_form_its_names_are_kept(tmp_path):
    nfc, decomposed = "caf\u00e9.mp4", "cafe\u0301.mp4"
    listed = {
        nfc: {"label": "REAL"},
        "one.mp4": {"label": "FAKE", "original": nfc},
        "two.mp4": {"label": "FAKE", "original": decomposed},
    }
    (tmp_path / "metadata.json").write_text(json.dumps(listed))
    for name in (decomposed, "one.mp4", "two.mp4"):
        (tmp_path / name).touch()
    table = dataset_table(str(tmp_path))
    assert fakes_by_original(table).to_dict() == {nfc: 2}
    for name in (nfc, decomposed):
        assert family_of(table, name).tolist() == [decomposed, "one.mp4", "two.mp4"]
