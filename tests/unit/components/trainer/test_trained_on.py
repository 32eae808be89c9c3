"""The list of videos that a trained model carries: its own, and those of the model that it started from."""

import json
import pathlib

import pytest
from brightness_model import DESCRIPTION

from components.csv_lines import csv_lines
from components.errors import UserError
from components.served_model.training_videos import UNKNOWN_TRAINING, Known, TrainingVideos, write_training_videos
from components.trainer.trained_on import find_trained_on

HEADER = ("uri", "label", "group_id", "split", "official_split", "content_digest", "placed_by")


def write_splits(folder: pathlib.Path, splits: dict[str, str]) -> str:
    """Writes the splits of pairs, a real video and its fake, by the name of the pair."""
    folder.mkdir()
    rows = [
        (f"{label}/{name}.mp4", label, name, split, "", f"{name}-{label}", "hash")
        for name, split in splits.items()
        for label in ("REAL", "FAKE")
    ]
    (folder / "splits.csv").write_text(csv_lines([HEADER, *rows]))
    return str(folder)


def write_model(folder: pathlib.Path, training: TrainingVideos | None) -> str:
    (folder / "assets.extra").mkdir(parents=True)
    count = None if training is None else len(training.digests)
    (folder / "assets.extra" / "model.json").write_text(json.dumps({**DESCRIPTION, "training_videos": count}))
    if training:
        write_training_videos(str(folder), training)
    return str(folder)


def known(training: TrainingVideos, *names: str) -> list[Known]:
    return training.find([f"{name}-REAL" for name in names], list(names), "original")


def test_train_and_eval_are_listed_and_test_is_not(tmp_path):
    # Names that look like numbers, or like nothing at all, are text.
    splits = write_splits(tmp_path / "splits", {"001": "train", "NA": "eval", 'a, "b"': "train", "1": "test"})
    training = find_trained_on(splits, "original", "")
    assert known(training, "001", "NA", 'a, "b"', "1") == [Known.DIGEST] * 3 + [Known.NO]
    assert (len(training.digests), training.complete) == (6, True)
    # By folder, an original's own name is no group.
    by_folder = find_trained_on(splits, "folder", "")
    assert (len(by_folder.groups), by_folder.groupings) == (3, ("folder",))


def test_each_original_of_a_connected_group_is_known_by_its_own_name(tmp_path):
    (tmp_path / "splits.csv").write_text(
        csv_lines(
            [
                HEADER,
                ("x/a.mp4", "REAL", "a.mp4", "train", "", "1", "hash"),
                ("x/b.mp4", "REAL", "a.mp4", "train", "", "2", "hash"),
                ("x/of_both.mp4", "FAKE", "a.mp4", "train", "", "3", "hash"),
            ]
        )
    )
    training = find_trained_on(str(tmp_path), "original", "")
    asked = ["a.mp4", "b.mp4", "c.mp4"]
    assert training.find(["4", "5", "6"], asked, "original") == [Known.GROUP, Known.GROUP, Known.NO]


def test_a_warm_start_inherits_what_its_model_knew(tmp_path, caplog):
    first = find_trained_on(write_splits(tmp_path / "first", {"a": "train", "b": "eval", "c": "test"}), "original", "")
    later = write_splits(tmp_path / "later", {"a": "train", "b": "test", "c": "eval", "d": "test"})
    training = find_trained_on(later, "original", write_model(tmp_path / "model", first))
    assert known(training, "a", "b", "c", "d") == [Known.DIGEST] * 3 + [Known.NO]


def test_a_warm_start_that_leaves_nothing_to_judge_by_is_refused_before_the_training(tmp_path):
    first = find_trained_on(write_splits(tmp_path / "first", {"a": "train", "b": "eval"}), "original", "")
    model = write_model(tmp_path / "model", first)
    later = write_splits(tmp_path / "later", {"c": "train", "d": "eval", "b": "test"})
    with pytest.raises(UserError, match=r"was trained on 2 of the 2 test videos, which leaves none to judge"):
        find_trained_on(later, "original", model)
    one_class = pathlib.Path(write_splits(tmp_path / "one", {"d": "train", "b": "test", "c": "test"}))
    table = (one_class / "splits.csv").read_text()
    (one_class / "splits.csv").write_text(table.replace("REAL/c.mp4,REAL", "REAL/c.mp4,FAKE"))
    with pytest.raises(UserError, match=r"was trained on 2 of the 4 test videos, which leaves only FAKE ones"):
        find_trained_on(str(one_class), "original", model)


def test_what_was_started_from_a_model_of_before_does_not_know_all(tmp_path):
    splits = write_splits(tmp_path / "splits", {"a": "train", "b": "test"})
    training = find_trained_on(splits, "original", write_model(tmp_path / "model", None))
    assert known(training, "a", "b") == [Known.DIGEST, Known.UNKNOWN]
    assert not training.complete
    again = find_trained_on(splits, "original", write_model(tmp_path / "again", training))
    assert known(again, "a", "b") == [Known.DIGEST, Known.UNKNOWN]
    assert known(UNKNOWN_TRAINING, "a") == [Known.UNKNOWN]
