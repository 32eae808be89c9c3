"""The committed notebooks, run in a clean kernel on the small data set."""

import ast
import html
import json
import os
import pathlib
import re
import shutil
from typing import Any

import nbclient
import nbformat
import pytest
from ml_metadata.proto import metadata_store_pb2
from short_demo import ONE_MEMBER, SMALL_ENCODER

from pipeline.config.load import load_config
from pipeline.dags.training import create_training_pipeline
from pipeline.runs.store import connect

pytestmark = pytest.mark.e2e
NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"
KERNEL_TIMEOUT_S = 1000


class Shown:
    """The output of a notebook's cells."""

    def __init__(self, notebook: nbformat.NotebookNode) -> None:
        self._outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]

    def of_type(self, mime: str) -> list[str]:
        return [output.data[mime] for output in self._outputs if mime in output.get("data", {})]

    @property
    def printed(self) -> str:
        return "".join(output.text for output in self._outputs if output.get("name") == "stdout")


def run_notebook(name: str, folder: pathlib.Path, **parameters: Any) -> Shown:
    """Runs a notebook in `folder`, with the values of its first code cell replaced by `parameters`."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", nbformat.NO_CONVERT)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    names = {target.id for line in ast.parse(cell.source).body for target in line.targets}
    assert names == set(parameters)
    cell.source = "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(notebook, timeout=KERNEL_TIMEOUT_S, kernel_name="python3", resources=resources).execute()
    return Shown(notebook)


@pytest.fixture
def working_folder(tmp_path) -> pathlib.Path:
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def test_data_set_is_explored(demo_data, working_folder):
    metadata = json.loads((demo_data / "metadata.json").read_text())
    unlabelled = working_folder / "unlabelled"
    unlabelled.mkdir()
    for number, name in enumerate(sorted(metadata)[:3]):
        shutil.copy(demo_data / name, unlabelled / f"new_{number}.mp4")
    shown = run_notebook(
        "explore_dataset",
        working_folder / "notebooks",
        WORKING_FOLDER="..",
        DATA_ROOT=str(demo_data),
        TEST_FOLDER="unlabelled",
        GIF="explored/clip.gif",
    )
    assert "(30, 6)" in shown.of_type("text/plain")
    tables = "".join(shown.of_type("text/html"))
    fakes = [name for name, fields in sorted(metadata.items()) if fields["label"] == "FAKE"]
    labels = re.search(r"FAKE</th>\s*<td[^>]*>(\d+)</td>.*REAL</th>\s*<td[^>]*>(\d+)</td>", tables, re.DOTALL)
    assert labels is not None
    assert labels.groups() == (str(len(fakes)), str(30 - len(fakes)))
    assert "new_2.mp4" in tables
    assert len(shown.of_type("image/png")) == 5
    assert '<video controls  width="480"' in tables
    assert "data:video/mp4;base64," in tables
    assert tables.count("data:image/gif;base64,") == 1
    assert (working_folder / "explored" / "clip.gif").read_bytes()[:6] == b"GIF89a"


def test_every_node_is_run_in_its_order(demo_data, first_run, working_folder):
    settings = [
        *(f"{key}={value}" for key, value in (("name", "interactive"), ("runs_dir", "runs"), ("trainer.epochs", 2))),
        SMALL_ENCODER,
        ONE_MEMBER,
        f"data.root={demo_data}",
        f"extraction.cache_dir={os.path.abspath(first_run.config.feature_cache_dir)}",
        "evaluator.baseline=none",
        "report.filmstrips=1",
        "report.overlays=0",
    ]
    shown = run_notebook(
        "run_pipeline", working_folder / "notebooks", WORKING_FOLDER="..", CONFIG="demo", SETTINGS=settings
    )
    pages = shown.of_type("text/html")
    run = working_folder / "runs" / "interactive"
    store = connect(str(run / "metadata.sqlite"))
    done = [one for one in store.get_executions() if one.last_known_state == metadata_store_pb2.Execution.COMPLETE]
    expected = [node.id for node in create_training_pipeline(load_config("demo", settings)).components]
    assert sorted(one.properties["component_id"].string_value for one in done) == sorted(expected)
    report = next((run / "artifacts" / "ReportGen").rglob("index.html")).read_text()
    frame = re.search(r'<iframe srcdoc="([^"]*)"', pages[-1])
    assert frame is not None
    assert html.unescape(frame.group(1)) == report
    assert "Synthetic videos." in report
    assert any("Synthetic videos: these figures say nothing of real forgeries." in page for page in pages[:-1])
    assert "0 videos in quarantine" in shown.printed


def test_evaluation_is_inspected(first_run, working_folder):
    shown = run_notebook(
        "inspect_evaluation",
        working_folder / "notebooks",
        WORKING_FOLDER=os.getcwd(),
        RUNS_DIR=first_run.config.runs_dir,
        RUN="e2e",
        OTHER_RUN=first_run.result.model or "e2e",
    )
    pages = "".join(shown.of_type("text/html"))
    metrics = first_run.result.evaluation["metrics"]
    assert f">{metrics['auc']['value']:.3f}<" in pages
    assert "Synthetic videos: these figures say nothing of real forgeries." in pages
    assert pages.count('<img src="data:image/svg+xml;base64,') > 5
    assert "Two runs side by side" in pages
    assert "Not the same test videos" not in pages
    assert re.search(r"\.mp4 is (FAKE|REAL), probability of fake [01]\.\d{3}\n", shown.printed)
    assert len(shown.of_type("image/png")) == 1
