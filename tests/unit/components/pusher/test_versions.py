"""A new version is higher than all existing ones, since servers serve the highest."""

import time

import pytest
from earlier_version import PARTS, earlier_version
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.pusher.versions import highest_version, next_version, version_number
from components.served_model.version_files import write_version_files

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
        earlier_version(tmp_path / name, "7")
    assert highest_version(str(tmp_path / "m[1]*?")) == (7, str(tmp_path / "m[1]*?" / "7"))


def test_what_is_not_whole_is_no_version(tmp_path):
    whole = earlier_version(tmp_path, "7")
    for number, part in enumerate(PARTS, 8):
        (earlier_version(tmp_path, str(number)) / part).unlink()
    (tmp_path / "99").mkdir()
    (tmp_path / "100").write_text("a file")
    assert highest_version(str(tmp_path)) == (7, str(whole))
    assert highest_version(str(tmp_path / "absent")) is None


@pytest.mark.parametrize("damage", ["shorter", "missing", "unlisted", "odd list"])
def test_version_that_lists_its_files_must_have_them(tmp_path, damage):
    whole, torn = (earlier_version(tmp_path, name) for name in ("7", "8"))
    write_version_files(str(torn))
    assert highest_version(str(tmp_path)) == (8, str(torn))
    if damage == "shorter":
        (torn / "saved_model.pb").write_bytes(b"")
    elif damage == "missing":
        (torn / "variables" / "variables.index").unlink()
    else:
        (torn / "assets.extra" / "files.json").write_text("" if damage == "unlisted" else '["saved_model.pb"]')
    assert highest_version(str(tmp_path)) == (7, str(whole))


@given(st.one_of(st.integers(0, 2**64).map(str), st.text(), st.text("0123456789²٣")))
def test_numbers_are_those_that_servers_read(name):
    number = version_number(name)
    if number is None:
        assert not (name.isascii() and name.isdigit()) or int(name) >= 2**63
    else:
        assert 0 <= number < 2**63
        assert int(name) == number
