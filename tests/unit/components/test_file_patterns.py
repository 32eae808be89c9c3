"""Whatever a folder is called, its files are found, and no others."""

import os
import tempfile

import pytest
from glob_like_names import EXAMPLES, glob_like_names
from hypothesis import given, settings

from components.errors import UserError
from components.examples import example_files
from components.file_patterns import expand, literal, matching, require_no_glob_characters


def put(*parts: str) -> str:
    path = os.path.join(*parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w"):
        return path


@settings(deadline=None, max_examples=60)
@given(glob_like_names, glob_like_names)
def test_files_are_found_below_any_folder_and_in_no_other(name, file):
    with tempfile.TemporaryDirectory() as home:
        path = put(home, name, "part", f"{file}.mp4")
        # Names that `name` would match as a glob.
        for other in ("a1 {b}xy", "vx", "b", "take 1", "x"):
            if other != name:
                put(home, other, "part", "x.mp4")
        folder = os.path.join(home, name)
        assert matching(folder, "*/*.mp4") == [path]
        assert matching(folder, literal(f"part/{file}.mp4")) == [path]
        assert expand(path) == [path]
        assert expand(os.path.join(folder, "p*", "*.mp4")) == [path]
        assert example_files([os.path.join(folder, "part", "*")]) == [path]
        assert expand(os.path.join(folder, "part", "*.avi")) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_relative_paths_stay_as_they_are_written(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(name, "x.mp4")
    assert matching(name, "*") == [f"{name}/x.mp4"]
    assert matching("", "*/x.mp4") == [f"{name}/x.mp4"]
    assert matching(f"./{name}", "*") == [f"./{name}/x.mp4"]
    assert expand(f"{name}/*.mp4") == [f"{name}/x.mp4"]


def test_a_leading_folder_that_is_there_is_no_glob(tmp_path):
    for name in ("v[1]", "v1", "v*"):
        put(str(tmp_path), name, "x.mp4")
    assert expand(f"{tmp_path}/v[1]/*") == [f"{tmp_path}/v[1]/x.mp4"]
    assert expand(f"{tmp_path}/v*/*.mp4") == [f"{tmp_path}/v*/x.mp4"]
    assert expand(f"{tmp_path}/v?/x.mp4") == [f"{tmp_path}/v*/x.mp4", f"{tmp_path}/v1/x.mp4"]


def test_what_is_absent_matches_nothing(tmp_path):
    assert matching(str(tmp_path / "absent[1]"), "*") == expand(str(tmp_path / "absent[1]")) == []


@pytest.mark.parametrize("sign", "*?[\\")
def test_folder_that_cannot_be_used_is_one_line(sign):
    with pytest.raises(UserError) as told:
        require_no_glob_characters("runs_dir", f"/data/a{sign}")
    assert f"runs_dir={f'/data/a{sign}'!r}: {sign} stands for" in str(told.value)
    require_no_glob_characters("runs_dir", "/data/{a} ]%")


def test_a_name_that_is_not_utf8_is_told(tmp_path):
    (tmp_path / "a.mp4").touch()
    with open(bytes(tmp_path) + b"/\xff.mp4", "w"):
        pass
    for look in (lambda: matching(str(tmp_path), "*.mp4"), lambda: expand(f"{tmp_path}/*.mp4")):
        with pytest.raises(UserError, match=r"is not UTF-8; rename the file"):
            look()
