"""The numbers of examples that are recorded with an artifact, and compared."""

import pytest
from tfx.types import standard_artifacts

from components.errors import UserError
from components.example_counts import record_counts, recorded_counts, require_counts


def test_numbers_are_recorded_with_an_artifact():
    examples = standard_artifacts.Examples()
    assert recorded_counts(examples) == {}
    record_counts(examples, {"train": 12, "eval": 0})
    examples.set_int_custom_property("records_test", 4)
    # As an engine hands it on.
    examples.set_float_custom_property("examples_test", 3.0)
    assert recorded_counts(examples) == {"train": 12, "eval": 0, "test": 3}


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
