"""After the loss of its store a run goes on beside what is there, and ends like an undisturbed one."""

import json
import pathlib
import shutil
import sqlite3

import pytest
from demo_commands import TRAINING, deepfake, outcome

pytestmark = pytest.mark.long

STORE = pathlib.Path("runs/demo/metadata.sqlite")
ARTIFACTS = pathlib.Path("runs/demo/artifacts")


def removed(store: pathlib.Path) -> None:
    store.unlink()


def emptied(store: pathlib.Path) -> None:
    store.write_bytes(b"")


def without_its_last_half(store: pathlib.Path) -> None:
    """As an older copy: what came later is not in it, and its ids are given again."""
    with sqlite3.connect(store) as connection:
        (last,) = connection.execute("SELECT MAX(id) FROM Execution").fetchone()
        for table in ("Event", "Association", "ExecutionProperty"):
            connection.execute(f"DELETE FROM {table} WHERE execution_id > ?", (last // 2,))
        connection.execute("DELETE FROM Execution WHERE id > ?", (last // 2,))
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'Execution'", (last // 2,))
    connection.close()


def files_of(folder: pathlib.Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lose", [removed, emptied, without_its_last_half])
def test_the_rerun_ends_as_the_undisturbed_one_and_touches_no_old_artifact(undisturbed, tmp_path, lose):
    folder = tmp_path / "work"
    shutil.copytree(undisturbed, folder)
    before, versions = files_of(folder / ARTIFACTS), sorted((folder / "runs/demo/model").iterdir())
    lose(folder / STORE)
    code, _, errors = deepfake(folder, *TRAINING)
    (line,) = errors.splitlines()
    assert (code, "not in the run's store" in line) == (0, True)
    assert outcome(folder) == outcome(undisturbed)
    after = files_of(folder / ARTIFACTS)
    assert {name: after.get(name) for name in before} == before
    # It is the same model, and already there.
    assert sorted((folder / "runs/demo/model").iterdir()) == versions

    code, _, errors = deepfake(folder, *TRAINING)
    assert (code, errors) == (0, "")
    assert outcome(folder) == outcome(undisturbed)
    nodes = json.loads((folder / "runs/demo/summary.json").read_text())["nodes"]
    assert {node["state"] for node in nodes if node["node"] != "BaselineModel"} == {"cached"}
    assert set(files_of(folder / ARTIFACTS)) == set(after)
