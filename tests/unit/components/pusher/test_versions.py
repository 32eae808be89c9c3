"""A new version is higher than all existing ones, since servers serve the highest."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.pusher.versions import complete_versions, next_version, version_number

AHEAD = 99_999_999_999


def test_first_version_is_the_time(tmp_path):
    before = int(time.time())
    assert before <= next_version(str(tmp_path / "absent")) <= time.time()
    assert before <= next_version(str(tmp_path)) <= time.time()


@pytest.mark.parametrize("name", [str(AHEAD), f"000{AHEAD}"])
def test_version_follows_one_from_a_clock_that_was_ahead(tmp_path, name):
    # The folders are empty: an incomplete push may still be completed.
    for there in (name, "17", "notes", "9" * 20, "²", "-5", "1.5"):
        (tmp_path / there).mkdir()
    assert next_version(str(tmp_path)) == AHEAD + 1


def test_there_is_none_after_the_largest(tmp_path):
    (tmp_path / str(2**63 - 1)).mkdir()
    with pytest.raises(UserError, match="after which there is none; rename that folder"):
        next_version(str(tmp_path))


def test_folder_may_have_any_name(tmp_path):
    for name in ("m[1]*?", "m1"):
        (tmp_path / name / "7").mkdir(parents=True)
        (tmp_path / name / "7" / "saved_model.pb").touch()
    assert complete_versions(str(tmp_path / "m[1]*?")) == {7: str(tmp_path / "m[1]*?" / "7")}


@given(st.one_of(st.integers(0, 2**64).map(str), st.text(), st.text("0123456789²٣")))
def test_numbers_are_those_that_servers_read(name):
    number = version_number(name)
    if number is None:
        assert not (name.isascii() and name.isdigit()) or int(name) >= 2**63
    else:
        assert 0 <= number < 2**63
        assert int(name) == number
