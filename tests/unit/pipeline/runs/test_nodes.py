"""What is counted in a node's outputs, as its row in the table."""

import pathlib

import pytest
from recorded_run import RecordedRun

from pipeline.runs.nodes import node_outcome


@pytest.fixture
def run(tmp_path: pathlib.Path) -> RecordedRun:
    return RecordedRun(tmp_path / "runs" / "demo")


def outcome(run: RecordedRun, node: str, **properties: dict[str, int]) -> tuple[str, str]:
    run.record(node, outputs=tuple(properties), properties=properties)
    return node_outcome(run.store, "demo", node)


def test_splits_in_artifacts_of_their_own_are_counted_together(run):
    assert outcome(
        run,
        "FrameFeatureGen",
        examples={"records_train": 12, "records_eval": 12, "cached": 20, "truncated": 0, "self_blended": 4},
        test_examples={"records_test": 6, "cached": 5, "truncated": 1, "self_blended": 0},
        serving_examples={},
        quarantine={"records": 0},
    ) == ("done", "train 12, eval 12, test 6, 25 cached, 1 truncated, 4 self-blended, 0 quarantined")


def test_one_artifact_of_an_earlier_version_is_counted_alike(run):
    examples = {"records_train": 12, "records_eval": 12, "records_test": 6, "cached": 25}
    told = outcome(run, "FrameFeatureGen", examples=examples, quarantine={"records": 2})
    assert told == ("done", "train 12, eval 12, test 6, 25 cached, 2 quarantined")


def test_a_split_without_videos_is_told(run):
    assert outcome(run, "VideoExampleGen", examples={"records_train": 3, "records_eval": 0})[1] == "train 3, eval 0"


def test_rows_are_named_by_what_they_are(run):
    assert outcome(run, "Evaluator", video_metrics={"records": 6}, evaluation={})[1] == "6 tested"
