"""Invalid config files are reported on one line with file and line number."""

import os

import pytest

from components.errors import UserError
from pipeline.config.load import load_config

BOMB = "\n".join(["name: x", "a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))])
FILES = {
    "broken": (b"a: [", ":1: not YAML"),
    "a list": (b"- 1", ": must be a mapping of sections, is a list"),
    "a word": (b"x", ": must be a mapping of sections, is a word"),
    "nothing": (b"", ": must be a mapping of sections, is empty"),
    "a comment": (b"# x\n", ": must be a mapping of sections, is empty"),
    "YAML 1.1's true as a key": (b"name: x\non: 1", ":2: unknown key on"),
    "a number as a key": (b"name: x\n1: 1", ":2: unknown key 1"),
    "nothing as a key": (b"name: x\nnull: 1", ":2: unknown key null"),
    "a list as a key": (b"name: x\n? [a, b]\n: 1", ":2: a key must be a word"),
    "Latin-1": (b"name: x\ncard: {limits: \xe9}", ":2: not UTF-8"),
    "UTF-16": ("name: x".encode("utf-16"), ":1: not UTF-8"),
    "zeros": (b"name: x\n\0", ":2: not YAML"),
    "an escape sequence": (b"name: x\n# \x1b[31m", ":2: not YAML"),
    "a key twice": (b"name: x\nseed: 1\nname: y", ":3: name was given in line 1 already"),
    "a key twice, below": (b"name: x\ntrainer:\n  epochs: 1\n  epochs: 2", ":4: trainer.epochs was given in line 3"),
    "a key twice, in quotes": (b"name: x\n'name': y", ":2: name was given in line 1 already"),
    "a tab": (b"name: x\ntrainer:\n\tepochs: 1", ":3: not YAML"),
    "two documents": (b"name: x\n---\nname: y", ":2: not YAML (but found another document)"),
    "a tag": (b"name: !!python/object/apply:os.system [true]", ":1: the tag"),
    "an own tag": (b"name: !x y", ":1: the tag"),
    "an alias of nothing": (b"name: *x", ":1: not YAML"),
    "an alias of itself": (b"name: x\ndata: &a {root: *a}", ": is nested too deeply"),
    "aliases without end": (BOMB.encode(), ": holds more than"),
    "nesting without end": (b"name: x\na: " + b"[" * 5_000, ": is nested too deeply"),
    "deep nesting": (b"name: x\na: " + b"[" * 100 + b"]" * 100, ": is nested too deeply"),
    "a date": (b"name: x\nseed: 2024-05-01", ":2: seed='2024-05-01'"),
    "a time": (b"name: x\nseed: 1:30", ":2: seed='1:30'"),
    "a large file": (b"#" * 2_000_000, ": is larger than"),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_config_is_one_line(tmp_path, kind):
    content, start = FILES[kind]
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        load_config(str(path))
    assert str(raised.value).isprintable()
    where, _, rest = str(raised.value).removeprefix(str(path)).partition(": ")
    told = f"{where}: {rest}"
    # For some errors, the line depends on where the parser stops.
    assert told.startswith(start) or (start.startswith(": ") and rest.startswith(start[2:]))


def test_what_cannot_be_read_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for source in ("folder", "nowhere.yaml", "a\0b", "a" * 5000, "\x1b[31m", "\udcff", "", "../demo"):
        with pytest.raises(
            UserError, match=r"--config: .* demo, dfdc, kubeflow, notebook, recommended, scoring, vertex"
        ) as raised:
            load_config(source)
        assert str(raised.value).isprintable()
    path = tmp_path / "locked.yaml"
    path.write_text("name: x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user can read everything")
    with pytest.raises(UserError, match="cannot be read"):
        load_config(str(path))


def test_windows_editors_and_aliases_are_understood(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: x\r\nseed: 3\r\n")
    assert load_config(str(path)).seed == 3
    path.write_text("name: x\ndata: &all {root: a, pattern: '*'}\n")
    assert load_config(str(path)).data.root == "a"
    path.write_text(
        "name: x\nevaluator:\n  slice_bounds:\n    codec: &b {auc: {min: 0.6}}\n    fps: *b\n"
        "    duration: {<<: *b, recall: {min: 0.1}}\n"
    )
    bounds = load_config(str(path)).evaluator.slice_bounds
    assert bounds["codec"] == bounds["fps"]
    assert sorted(bounds["duration"]) == ["auc", "recall"]


def test_on_is_a_key_of_bounds(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_text("name: x\nevaluator: {bounds: {auc: {min: 0.8, on: interval}}}\n")
    assert load_config(str(path)).evaluator.bounds["auc"].on == "interval"
