"""The report that a run writes, and those made later from its store."""

import contextlib
import os
import pathlib
import shutil
import sqlite3

import pytest

from components.errors import UserError
from pipeline.runs.report import compare_runs, report_run

pytestmark = pytest.mark.e2e


@pytest.fixture
def run_dir(first_run, tmp_path, monkeypatch) -> pathlib.Path:
    """A copy of the run's store in a separate folder, so that its reports are written there."""
    folder = tmp_path / "runs" / "e2e"
    folder.mkdir(parents=True)
    shutil.copy(os.path.join(first_run.config.run_dir, "metadata.sqlite"), folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_run_leaves_its_report(first_run):
    page = pathlib.Path(first_run.result.report)
    assert page == pathlib.Path(first_run.config.run_dir) / "report" / "index.html"
    # As it was when the run ended, since later runs of the same name overwrite it.
    text = first_run.page
    auc = first_run.result.evaluation["metrics"]["auc"]
    assert f"95 % interval {auc['low']:.3f} to {auc['high']:.3f}" in text
    assert "Synthetic videos." in text
    assert text.count('class="video"') == 2
    assert first_run.result.model in text


def test_report_is_made_again_from_the_store(run_dir):
    path = report_run(None, "runs")
    assert path == "runs/e2e/report/index.html"
    named, in_folder = (pathlib.Path(report_run(name, "runs")).read_text() for name in ("e2e", str(run_dir)))
    assert named == in_folder
    assert named.count('class="video"') == 2


def test_report_of_a_pushed_model_is_about_that_model(first_run):
    path = pathlib.Path(report_run(first_run.result.model, "elsewhere"))
    assert first_run.result.model in path.read_text()


def test_model_of_no_run_is_told(first_run, tmp_path):
    alone = tmp_path / "alone" / "model" / "1"
    shutil.copytree(first_run.result.model, alone)
    with pytest.raises(UserError, match="name the run that made it"):
        report_run(str(alone), "runs")


def test_two_runs_are_put_side_by_side(run_dir):
    shutil.copytree(run_dir, run_dir.parent / "copy" / "e2e")
    path = compare_runs("e2e", str(run_dir.parent / "copy" / "e2e"), "runs")
    assert path == "runs/e2e/report/compared-with-e2e.html"
    text = (run_dir.parent.parent / path).read_text()
    assert text.count("<code>") == 0
    assert "Not the same test videos" not in text


def test_artifacts_that_are_gone_are_told(run_dir):
    store = run_dir / "metadata.sqlite"
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE Artifact SET uri = replace(uri, 'video_metrics', 'elsewhere')")
    with pytest.raises(UserError, match=r"not where the run left it .*metrics\.json is not there"):
        report_run("e2e", "runs")
