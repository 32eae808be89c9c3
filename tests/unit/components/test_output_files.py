"""Outputs are proved before the work without a change, and written whole after it."""

import os
import pathlib
import threading

import pytest

from components.errors import UserError
from components.output_files import require_writable, require_writable_folder, write_output


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("path", ["new.csv", "there.csv", "deep/new/file.csv", "link.csv", "nowhere.csv"])
def test_the_proof_changes_nothing_and_the_write_succeeds(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("there.csv").write_bytes(b"before")
    pathlib.Path("link.csv").symlink_to("there.csv")
    pathlib.Path("nowhere.csv").symlink_to("deep/gone.csv")
    before = tree(tmp_path)
    require_writable("--out", path)
    assert tree(tmp_path) == before
    write_output(path, b"after")
    assert pathlib.Path(path).read_bytes() == b"after"
    assert pathlib.Path("link.csv").is_symlink()
    assert pathlib.Path("nowhere.csv").is_symlink()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("folder", "Is a directory"),
        ("new/", "Is a directory"),
        ("file/x.csv", "Not a directory"),
        ("/dev/null/x.csv", "Not a directory"),
        (f"{'x' * 256}.csv", "File name too long"),
        (f"new/{'x' * 256}/x.csv", "File name too long"),
        ("/proc/x.csv", ""),
        ("a\0b", "embedded null byte"),
    ],
)
def test_what_cannot_be_written_is_one_line(tmp_path, monkeypatch, path, reason):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("folder").mkdir()
    pathlib.Path("file").touch()
    before = tree(tmp_path)
    with pytest.raises(UserError, match=rf"cannot be written \({reason}.*\); give another file") as refused:
        require_writable("--out", path)
    assert len(refused.value.message.splitlines()) == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("path", "writable"), [("new/folder", True), (".", True), ("file", False), ("file/x", False)])
def test_a_folder_is_proved_likewise(tmp_path, monkeypatch, path, writable):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("file").touch()
    before = tree(tmp_path)
    if writable:
        require_writable_folder("push_destination", path)
    else:
        with pytest.raises(UserError, match="push_destination file"):
            require_writable_folder("push_destination", path)
    assert tree(tmp_path) == before


def test_devices_and_pipes_are_written_into_and_stay(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    require_writable("--out", str(pipe))
    write_output(str(pipe), b"rows")
    reader.join()
    assert read == [b"rows"]
    (tmp_path / "device").symlink_to("/dev/null")
    write_output(str(tmp_path / "device"), b"rows")
    assert pipe.is_fifo()
    assert not pathlib.Path("/dev/null").is_file()
