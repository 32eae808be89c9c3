"""Local files are opened by the standard library, others by TensorFlow, and nobody sees which."""

import os
import pathlib

import pytest
import tensorflow as tf

from components import storage

NAMES = (
    "a.mp4",
    "b.mp4",
    ".hidden.mp4",
    "[a].mp4",
    "a*.mp4",
    "back\\slash.mp4",
    "ä.mp4",
    "c/d.mp4",
    "c/e/f.mp4",
    "c.mp4/g",
)
PATTERNS = (
    *("*", "*.mp4", "*/*", "*/*.mp4", "c/*", "?.mp4", "[ab].mp4", "[!a].mp4", "[^a].mp4", "[[]a].mp4", "a[*].mp4"),
    *("back\\\\slash.mp4", "a.mp4", "absent", "absent/*", "a.mp4/*", "c*/*", "./c/*", "c/../*.mp4", "**/*"),
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> pathlib.Path:
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "link").symlink_to(tmp_path / "c")
    (tmp_path / "broken").symlink_to(tmp_path / "absent")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_local_files_are_found_as_tensorflow_finds_them(folder, pattern):
    wanted = sorted(tf.io.gfile.glob(f"{folder}/{pattern}"))
    assert sorted(storage.glob(f"{folder}/{pattern}")) == wanted
    assert normal(storage.glob(pattern)) == normal(tf.io.gfile.glob(pattern))


def normal(paths: list[str]) -> list[str]:
    return sorted(map(os.path.normpath, paths))


def test_local_folders_are_walked_as_tensorflow_walks_them(folder):
    def walked(walk):
        return sorted((parent, sorted(folders), sorted(names)) for parent, folders, names in walk(str(folder)))

    assert walked(storage.walk) == walked(tf.io.gfile.walk)
    assert list(storage.walk(str(folder / "absent"))) == []
    for name in ("", *NAMES, "c", "link", "broken", "absent"):
        path = str(folder / name)
        assert (storage.exists(path), storage.isdir(path)) == (tf.io.gfile.exists(path), tf.io.gfile.isdir(path))
    assert sorted(storage.listdir(str(folder))) == sorted(tf.io.gfile.listdir(str(folder)))


def test_size_and_time_are_the_ones_that_tensorflow_tells(folder):
    for name in ("a.mp4", "c"):
        ours, theirs = (stat(str(folder / name)) for stat in (storage.stat, tf.io.gfile.stat))
        assert (ours.length, ours.is_directory) == (theirs.length, theirs.is_directory)
        # TensorFlow cuts the time of a local file to seconds.
        assert ours.mtime_nsec // 10**9 == theirs.mtime_nsec // 10**9


@pytest.mark.parametrize("root", ["{folder}", "ram://{folder}"])
def test_a_file_is_written_copied_and_removed(folder, root):
    root = root.format(folder=folder)
    storage.write_bytes(f"{root}/new", b"content")
    storage.copy(f"{root}/new", f"{root}/copied")
    storage.copy(f"{root}/copied", str(folder / "back"))
    assert storage.read_bytes(str(folder / "back")) == b"content"
    storage.remove(f"{root}/copied")
    assert not storage.exists(f"{root}/copied")


@pytest.mark.parametrize("root", ["{folder}", "ram://{folder}"])
def test_what_is_not_there_is_told_by_the_same_error(folder, root):
    path = root.format(folder=folder) + "/absent"
    for use in (storage.read_bytes, storage.stat, storage.remove, lambda path: storage.copy(path, str(folder / "x"))):
        with pytest.raises(FileNotFoundError) as raised:
            use(path)
        assert raised.value.strerror
        assert "\n" not in raised.value.strerror


def test_other_troubles_are_errors_of_the_operating_system(folder):
    with pytest.raises(IsADirectoryError):
        storage.read_bytes(str(folder))
    with pytest.raises(OSError, match="absent"):
        storage.write_bytes(str(folder / "absent" / "new"), b"")
    with pytest.raises(OSError, match="not implemented"):
        storage.read_bytes("unknown://bucket/file")


def test_a_name_that_is_not_utf_8_is_refused(folder):
    os.mkdir(os.fsencode(folder) + b"/odd")
    pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/odd/\xff.mp4")).touch()
    for use in (storage.listdir, lambda path: list(storage.walk(path)), lambda path: storage.glob(f"{path}/*")):
        with pytest.raises(UnicodeDecodeError):
            use(str(folder / "odd"))
