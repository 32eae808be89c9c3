import json

import pytest
from typer.testing import CliRunner

pytestmark = pytest.mark.e2e


def test_a_finished_run_is_audited_by_its_folder(first_run):
    from pipeline.cli import app

    arguments = [first_run.config.run_dir, "--only", "order", "--only", "shortcut"]
    result = CliRunner().invoke(app, ["audit", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    with open(f"{first_run.config.run_dir}/audits.json") as file:
        audits = json.load(file)
    assert [audit["name"] for audit in audits] == ["order", "shortcut"]
    counts = first_run.result.evaluation["videos"]
    in_order = audits[0]["figures"][0]
    assert in_order["count"] == counts["FAKE"] + counts["REAL"]
    # What the audit measures on frames in their order is what the Evaluator measured.
    assert in_order["value"] == pytest.approx(first_run.result.evaluation["metrics"]["auc"]["value"], abs=1e-6)


def test_audits_of_the_config_are_a_node_of_the_run(run_pipeline, first_run):
    audited = run_pipeline("audits.names=[label,leak]")
    assert audited.complete == {"Auditor"}
    assert [audit.name for audit in audited.result.audits] == ["label", "leak"]
