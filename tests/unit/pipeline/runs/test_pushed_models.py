"""Every command finds the same model as the one pushed last."""

import os
import pathlib
import shutil

import ml_metadata as mlmd
import pytest
from earlier_version import earlier_version
from ml_metadata.proto import metadata_store_pb2

from components.errors import UserError
from pipeline.runs.lineage import find_lineage
from pipeline.runs.pushed_models import choose_model, find_model, find_pushes
from pipeline.runs.store import connect
from pipeline.terminal.console import notices_shown


def version(folder: pathlib.Path, name: str, *, written_s: float = 100.0) -> str:
    """Makes a version folder whose graph was written at a given time."""
    graph = earlier_version(folder, name) / "saved_model.pb"
    os.utime(graph, (written_s, written_s))
    return str(folder / name)


def store_push(run_dir: pathlib.Path, destination: str, *, pushed: int = 1) -> None:
    """Records a push to the version folder in the run's store, as of now."""
    run_dir.mkdir(parents=True, exist_ok=True)
    store: mlmd.MetadataStore = connect(str(run_dir / "metadata.sqlite"))
    kind = store.put_artifact_type(metadata_store_pb2.ArtifactType(name="PushedModel"))
    artifact = metadata_store_pb2.Artifact(type_id=kind, uri=str(run_dir / "artifacts"))
    artifact.custom_properties["pushed"].int_value = pushed
    artifact.custom_properties["pushed_destination"].string_value = destination
    store.put_artifacts([artifact])


@pytest.fixture
def runs(tmp_path) -> pathlib.Path:
    return tmp_path / "runs [1]*"


def test_in_a_destination_the_highest_version_is_meant(runs):
    model = runs / "a" / "model"
    version(model, "300", written_s=1)
    for name, written_s in (("200", 3), ("9" * 20, 9), ("notes", 9), ("²", 9)):
        version(model, name, written_s=written_s)
    (model / "400").mkdir()
    assert find_model(str(runs)) == str(model / "300")
    version(model, "0301", written_s=1)
    assert find_model(str(runs)) == str(model / "0301")


def test_of_two_destinations_it_is_the_one_pushed_to_last(runs):
    version(runs / "ahead" / "model", "99999999999", written_s=100)
    newest = version(runs / "today" / "model", "1700000000", written_s=200)
    assert find_model(str(runs)) == newest


def test_time_in_the_store_goes_before_that_of_a_copied_file(runs):
    pushed = version(runs / "a" / "model", "10", written_s=100)
    store_push(runs / "a", pushed)
    version(runs / "b" / "model", "20", written_s=200)
    assert find_model(str(runs)) == pushed


def test_destination_elsewhere_is_known_from_the_store(runs, tmp_path):
    version(runs / "a" / "model", "10")
    elsewhere = version(tmp_path / "models [of] all", "20")
    store_push(runs / "b", elsewhere)
    assert find_model(str(runs)) == elsewhere
    assert find_lineage(None, str(runs)).model == elsewhere
    # Another run may have pushed there since, and been removed.
    later = version(tmp_path / "models [of] all", "30", written_s=9e9)
    assert find_model(str(runs)) == later
    with pytest.raises(UserError, match=r"no run below .* has pushed such a model"):
        find_lineage(None, str(runs))


def test_version_of_a_push_that_was_killed_is_known_from_the_rerun(runs, tmp_path):
    elsewhere = version(tmp_path / "models", "20")
    store_push(runs / "a", elsewhere, pushed=0)
    assert find_lineage(elsewhere, str(runs)).store == str(runs / "a" / "metadata.sqlite")
    assert find_lineage(str(runs / "a"), str(runs)).model == elsewhere
    # The run that has pushed it knows better.
    store_push(runs / "b", elsewhere)
    assert find_lineage(elsewhere, str(runs)).store == str(runs / "b" / "metadata.sqlite")


def test_model_that_was_not_pushed_or_is_gone_does_not_count(runs, tmp_path):
    kept = version(runs / "a" / "model", "10")
    store_push(runs / "b", version(tmp_path / "elsewhere", "20"), pushed=0)
    store_push(runs / "c", str(tmp_path / "gone" / "30"))
    assert find_model(str(runs)) == kept


def test_run_that_was_moved_keeps_its_models(runs, tmp_path, monkeypatch):
    pushed = version(runs / "a" / "model", "10")
    store_push(runs / "a", pushed)
    moved = tmp_path / "kept"
    shutil.move(runs, moved)
    (push,) = find_pushes([str(moved / "a")])
    assert (push.recorded, push.path) == (pushed, str(moved / "a" / "model" / "10"))
    assert find_model(str(moved)) == push.path
    assert find_lineage(push.path, str(moved)).model == pushed


def test_copied_run_does_not_point_at_the_one_it_was_copied_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    version(pathlib.Path("runs/demo/model"), "10")
    store_push(pathlib.Path("runs/demo"), "runs/demo/model/10")
    shutil.copytree("runs", "copy/runs")
    version(pathlib.Path("runs/demo/model"), "20")
    assert find_model("copy/runs") == "copy/runs/demo/model/10"


def test_damaged_store_is_passed_over_unless_its_run_is_named(runs):
    pushed = version(runs / "a" / "model", "10")
    (runs / "a" / "metadata.sqlite").write_bytes(b"no store" * 100)
    notices: list[str] = []
    with notices_shown(notices.append):
        assert find_model(str(runs)) == pushed
    (line,) = notices
    assert "passed over: " in line
    assert "no store of a run can be read there" in line
    with pytest.raises(UserError, match="no store of a run can be read there"):
        find_lineage(str(runs / "a"), str(runs))


@pytest.mark.parametrize("name", ["", "empty"])
def test_no_model_is_one_line(runs, name):
    (runs / name).mkdir(parents=True)
    with pytest.raises(UserError, match="no run has pushed a model there; type --set model=DIR, or make one"):
        find_model(str(runs), otherwise="--set model=DIR")


@pytest.mark.parametrize("named", ["", "a/model"])
def test_models_of_which_none_is_whole_are_named(runs, named):
    version(runs / "a" / "model", "10")
    (runs / "a" / "model" / "10" / "saved_model.pb").unlink()
    with pytest.raises(
        UserError, match=r"10: saved_model\.pb is missing, and no other version is whole; type the run's"
    ):
        choose_model(named and str(runs / named), str(runs))
