"""Folders are copied file by file, and exist on local paths only."""

import contextlib
import os
import pathlib

import pytest
import tensorflow as tf

from components.folders import copy_files, make_folder, staging_folder


@pytest.fixture
def model(tmp_path) -> pathlib.Path:
    folder = tmp_path / "model[1]"
    for name in ("variables/variables.index", "assets.extra/deep/model.json", "saved_model.pb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "assets").mkdir()
    return folder


def tree(folder: pathlib.Path) -> dict[str, str | None]:
    return {str(it.relative_to(folder)): it.read_text() if it.is_file() else None for it in folder.rglob("*")}


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_local_copy_is_the_same_tree(model, tmp_path, slash):
    target = tmp_path / "new" / "copy"
    copy_files(f"{model}{slash}", f"{target}{slash}")
    assert tree(target) == tree(model)


def test_existing_files_are_replaced(model, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "saved_model.pb").write_text("half")
    copy_files(str(model), str(tmp_path / "copy"))
    assert tree(tmp_path / "copy") == tree(model)


def test_the_last_file_is_copied_after_all_others(model, tmp_path):
    obstacle = tmp_path / "copy" / "variables" / "variables.index"
    obstacle.mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        copy_files(str(model), str(tmp_path / "copy"), last=["saved_model.pb"])
    assert not (tmp_path / "copy" / "saved_model.pb").exists()


def test_a_folder_is_made_on_local_paths_only(tmp_path):
    make_folder(str(tmp_path / "a" / "b"))
    make_folder(f"ram://{tmp_path.name}/a/b")
    assert (tmp_path / "a" / "b").is_dir()
    assert not tf.io.gfile.exists(f"ram://{tmp_path.name}/a/b")


def test_a_local_folder_is_written_to_directly(tmp_path):
    with staging_folder(str(tmp_path / "target")) as folder:
        assert folder == str(tmp_path / "target")


def test_what_is_for_a_bucket_is_written_locally_and_copied_at_the_end(tmp_path):
    target = f"ram://{tmp_path.name}/target"
    with staging_folder(target) as folder:
        os.makedirs(os.path.join(folder, "assets"))
        pathlib.Path(folder, "saved_model.pb").write_text("graph")
        assert not tf.io.gfile.exists(f"{target}/saved_model.pb")
    with tf.io.gfile.GFile(f"{target}/saved_model.pb") as file:
        assert file.read() == "graph"
    assert not tf.io.gfile.exists(f"{target}/assets")
    assert not os.path.exists(folder)


def test_nothing_is_copied_after_a_failure(tmp_path):
    target = f"ram://{tmp_path.name}/failed"
    with contextlib.suppress(ZeroDivisionError), staging_folder(target) as folder:
        pathlib.Path(folder, "saved_model.pb").write_text("graph")
        raise ZeroDivisionError
    assert not tf.io.gfile.exists(f"{target}/saved_model.pb")
