"""The numbers of examples that are recorded with an artifact, and compared."""

import pathlib

import pytest
import tensorflow as tf
from tfx.types import standard_artifacts

from components.errors import UserError
from components.example_counts import record_counts, recorded_counts, require_counts, require_whole


def test_numbers_are_recorded_with_an_artifact():
    examples = standard_artifacts.Examples()
    assert recorded_counts(examples) == {}
    record_counts(examples, {"train": 12, "eval": 0})
    examples.set_int_custom_property("records_test", 4)
    # As engines hand them on.
    examples.set_json_value_custom_property("examples_test", 3.0)
    examples.set_json_value_custom_property("examples_score", 0.0)
    assert recorded_counts(examples) == {"train": 12, "eval": 0, "test": 3, "score": 0}


@pytest.mark.parametrize("read", [0, 11, 24])
def test_another_number_is_one_line(read):
    with pytest.raises(UserError) as refused:
        require_counts("artifacts/Trainer/3", {"eval": 2, "train": read}, {"eval": 2, "train": 12})
    line = str(refused.value)
    assert "\n" not in line
    for part in ("artifacts/Trainer/3", f"{read} examples of the train split", "with 12", "remove that folder"):
        assert part in line


def test_what_has_no_record_is_not_compared():
    require_counts("artifacts/Trainer/3", {"eval": 2, "train": 12}, {"train": 12})


def test_examples_are_counted_over_all_files_of_a_split(tmp_path):
    examples = standard_artifacts.Examples()
    examples.uri = str(tmp_path / "a[1]*")
    record_counts(examples, {"train": 5})
    (tmp_path / "a[1]*" / "Split-train").mkdir(parents=True)
    for name, count in (("one", 2), ("other", 3)):
        write_records(tmp_path / "a[1]*" / "Split-train" / name, count)
    assert require_whole(examples) == {"train": 5}
    write_records(tmp_path / "a[1]*" / "Split-train" / "further", 1)
    with pytest.raises(UserError, match="holds 6 examples of the train split, and was left with 5"):
        require_whole(examples)


def write_records(path: pathlib.Path, count: int) -> None:
    with tf.io.TFRecordWriter(str(path), options="GZIP") as writer:
        for number in range(count):
            writer.write(str(number))
