"""Whoever watches a push destination sees whole versions and nothing else."""

import contextlib
import os
import pathlib
import threading
from collections.abc import Callable, Iterator

import pytest
from small_limit import small_limit

from components.errors import UserError
from components.folders import copy_files
from components.pusher.exclusion import kept_to_oneself
from components.pusher.publication import find_unservable, publish, remove_torn
from components.pusher.versions import highest_version, version_number
from components.served_model.version_files import find_version_damage, write_version_files

FILES = ("saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index")
FILES = (*FILES, "assets.extra/model.json", "assets.extra/model.weights.h5")
LARGE = 1 << 16


def model(folder: pathlib.Path, large: str = FILES[1]) -> pathlib.Path:
    """Makes a folder of a model's files, of which one is larger than the others."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * (LARGE if name == large else 1))
    return folder


def copying(source: pathlib.Path) -> Callable[[str], None]:
    def write(folder: str) -> None:
        copy_files(str(source), folder)
        write_version_files(folder)

    return write


def push(folder: pathlib.Path, write: Callable[[str], None]) -> str:
    with kept_to_oneself(str(folder)) as alone:
        return publish(str(folder), write, alone=alone)


@contextlib.contextmanager
def watched(destination: pathlib.Path) -> Iterator[set[str]]:
    """Reads all that a server takes for a version, over and over; yields the names that it has seen.

    Raises:
        AssertionError: if a version was not whole at any moment.
    """
    ended, seen, torn = threading.Event(), set(), []

    def watch() -> None:
        while not ended.is_set():
            for path in destination.iterdir():
                if version_number(path.name) is not None:
                    seen.add(path.name)
                    torn.extend(f"{path.name}/{name}" for name in FILES if not (path / name).is_file())
                    torn.extend(filter(None, [find_version_damage(str(path), content=True)]))

    destination.mkdir()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()
    assert torn == []


def test_a_watcher_never_sees_a_part_of_a_version(tmp_path):
    destination, source = tmp_path / "models", model(tmp_path / "model")
    with watched(destination) as seen:
        for _ in range(50):
            push(destination, copying(source))
    assert len(seen) > 1
    assert len(os.listdir(destination)) == 50


@pytest.mark.parametrize("name", FILES)
def test_a_disk_full_at_any_file_leaves_nothing_and_the_next_push_is_whole(tmp_path, name):
    destination, source = tmp_path / "models", model(tmp_path / "model", large=name)
    with watched(destination):
        earlier = push(destination, copying(model(tmp_path / "earlier")))
        with small_limit(LARGE), pytest.raises(OSError, match=f"{name}|too large"):
            push(destination, copying(source))
        assert os.listdir(destination) == [os.path.basename(earlier)]
        version = push(destination, copying(source))
    assert highest_version(str(destination)) == (int(os.path.basename(version)), version)
    assert find_version_damage(version, content=True) == ""


def test_a_failed_check_leaves_nothing(tmp_path):
    def fail(folder: str) -> None:
        copying(model(tmp_path / "model"))(folder)
        raise UserError("cannot be loaded")

    with pytest.raises(UserError, match="cannot be loaded"):
        push(tmp_path / "models", fail)
    assert os.listdir(tmp_path / "models") == []


def test_versions_of_one_second_are_different_folders(tmp_path):
    write = copying(model(tmp_path / "model"))
    versions = [int(os.path.basename(push(tmp_path / "models", write))) for _ in range(5)]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("empty", [True, False])
def test_a_folder_that_another_program_made_meanwhile_is_left_alone(tmp_path, empty):
    taken = []

    def write(folder: str) -> None:
        copying(model(tmp_path / "model"))(folder)
        taken.append(tmp_path / "models" / pathlib.Path(folder).name.removeprefix(".").removesuffix(".partial"))
        taken[0].mkdir()
        if not empty:
            (taken[0] / "saved_model.pb").write_text("another's")

    version = push(tmp_path / "models", write)
    assert int(os.path.basename(version)) == int(taken[0].name) + 1
    assert find_version_damage(version, content=True) == ""
    assert len(list(taken[0].iterdir())) == (0 if empty else 1)


def test_what_a_killed_push_left_is_removed_by_the_next(tmp_path):
    destination = tmp_path / "models"
    left = model(destination / ".1795571968.partial")
    for kept in (".1795571968", ".notes.partial", "1795571968.partial"):
        (destination / kept).mkdir()
    version = push(destination, copying(model(tmp_path / "model")))
    assert not left.exists()
    names = {".1795571968", ".notes.partial", "1795571968.partial", os.path.basename(version)}
    assert set(os.listdir(destination)) == names


def test_a_push_at_work_keeps_its_folder_and_the_other_waits(tmp_path):
    destination, source = tmp_path / "models", model(tmp_path / "model")
    started, go_on = threading.Event(), threading.Event()
    versions = []

    def slowly(folder: str) -> None:
        started.set()
        assert go_on.wait(60)
        copying(source)(folder)

    threads = [threading.Thread(target=lambda: versions.append(push(destination, slowly)))]
    threads[0].start()
    assert started.wait(60)
    threads.append(threading.Thread(target=lambda: versions.append(push(destination, copying(source)))))
    threads[1].start()
    with pytest.raises(UserError, match="another run has been pushing there"), kept_to_oneself(str(destination), 0.3):
        pass
    assert versions == []
    (hidden,) = destination.iterdir()
    go_on.set()
    for thread in threads:
        thread.join()
    assert hidden.name == f".{os.path.basename(versions[0])}.partial"
    assert [find_version_damage(version, content=True) for version in versions] == ["", ""]
    assert sorted(os.listdir(destination)) == sorted(map(os.path.basename, versions))


def test_torn_versions_are_removed_at_once_and_named(tmp_path):
    torn = model(tmp_path / "models" / "7")
    lines = remove_torn({str(torn): "saved_model.pb is missing", str(tmp_path / "models" / "8"): "it is gone"})
    assert lines[0] == "version 7 was not whole (saved_model.pb is missing), and is removed"
    assert "removed" not in lines[1]
    assert os.listdir(tmp_path / "models") == []


def test_only_what_a_push_can_have_left_is_taken_for_one(tmp_path):
    for name in ("1", "2", "3", "4"):
        model(tmp_path / name)
    for name in ("1", "3"):
        (tmp_path / name / "saved_model.pb").unlink()
    (tmp_path / "3" / "notes.txt").write_text("someone's")
    (tmp_path / "5").mkdir()
    (tmp_path / "6").write_text("a file")
    wrong = {str(tmp_path / name): "saved_model.pb is missing" for name in ("1", "5")}
    assert find_unservable(str(tmp_path)) == wrong
