"""The scoring DAG run locally: it agrees with `deepfake score`, uses the cache, and its scores can be traced."""

import collections
import dataclasses
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from rich.console import Console

from components.served_model.training_statistics import STATISTICS_FILE
from components.served_model.window_options import WindowOptions
from components.submission_gen.submission import read_table
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.inputs.scoring import pin_scoring_inputs
from pipeline.runners.local import run_locally
from pipeline.runs.scoring_result import ScoringResult, collect_scores
from pipeline.runs.training_result import write_summary
from pipeline.score.request import ScoreRequest, answer_request

pytestmark = pytest.mark.e2e

TOLERANCE = 1e-5
CLIPS = 6
BROKEN = "further/broken.mp4"


@dataclasses.dataclass(frozen=True)
class Scoring:
    """The inputs, the outcome, and the outcome of running again with nothing changed."""

    videos: pathlib.Path
    config: ScoringConfig
    first: ScoringResult
    second: ScoringResult


@pytest.fixture(scope="module")
def scoring(first_run, demo_data, tmp_path_factory) -> Scoring:
    videos = tmp_path_factory.mktemp("scored") / "videos"
    (videos / "further").mkdir(parents=True)
    listed = json.loads((demo_data / "metadata.json").read_text())
    labels = sorted(listed, key=lambda name: listed[name]["label"])
    names = [*labels[: CLIPS // 2], *labels[-(CLIPS // 2) :]]
    for name in names:
        shutil.copy(demo_data / name, videos)
    (videos / "metadata.json").write_text(json.dumps({name: listed[name] for name in names}))
    (videos / BROKEN).write_bytes(b"no video")
    given = [
        *("name=scoring", f"runs_dir={first_run.config.runs_dir}", f"model={first_run.result.model}"),
        *(f"data.root={videos}", "extraction.workers=1", "drift.min_videos=2"),
    ]
    config = pin_scoring_inputs(load_config("scoring", given, ScoringConfig))
    os.makedirs(config.run_dir, exist_ok=True)
    first, second = (collect_scores(config, run_locally(config, Console(file=io.StringIO()))) for _ in range(2))
    write_summary(second, config.run_dir)
    return Scoring(videos, config, first, second)


def rows(path: str | pathlib.Path) -> dict[str, dict]:
    return {row["uri"]: row for row in map(json.loads, pathlib.Path(path).read_text().splitlines())}


def test_each_video_has_the_row_that_the_command_gives(scoring, tmp_path):
    asked = tmp_path / "asked.jsonl"
    nothing = dict.fromkeys(("gif", "submission", "like", "labels", "face_model", "cache_dir"), "")
    request = {**nothing, "paths": [str(scoring.videos)], "model": scoring.config.model, "out": str(asked)}
    known = {field.name for field in dataclasses.fields(ScoreRequest) if field.default is dataclasses.MISSING}
    defaults = {"windows": WindowOptions(), "prior": 0.5, "clip": 0.01, "workers": 1, "runs_dir": str(tmp_path)}
    optional = dict.fromkeys(known - set(request) - set(defaults), "")
    assert not answer_request(ScoreRequest(**{**optional, **request, **defaults}), Console(file=io.StringIO()))
    expected, found = rows(asked), rows(scoring.first.scores)
    assert list(found) == list(expected)
    assert len(found) == CLIPS + 1
    for uri, row in found.items():
        for name in ("probability", "frame_scores", "likelihood_ratio"):
            assert row.pop(name) == pytest.approx(expected[uri].pop(name), abs=TOLERANCE)
        for window, of_command in zip(row["windows"], expected[uri]["windows"], strict=True):
            assert window.pop("probability") == pytest.approx(of_command.pop("probability"), abs=TOLERANCE)
        assert row == expected[uri]


def test_broken_video_is_unscored_with_its_reason_and_no_video_is_lost(scoring):
    row = rows(scoring.first.scores)[str(scoring.videos / BROKEN)]
    assert (row["verdict"], row["reason"], row["probability"]) == ("UNSCORED", "unreadable_container", None)
    assert scoring.first.verdicts["UNSCORED"] == 1
    assert sum(scoring.first.verdicts.values()) == scoring.first.videos == CLIPS + 1
    assert not scoring.first.complete
    values = {name: float(value) for name, value in read_table(scoring.first.submission_file)}
    assert (len(values), values[BROKEN]) == (CLIPS + 1, 0.5)
    assert scoring.first.submission["unscored"] == [BROKEN]


def test_labels_beside_the_videos_give_figures(scoring):
    listed = json.loads((scoring.videos / "metadata.json").read_text())
    scored = [(uri, row) for uri, row in rows(scoring.first.scores).items() if row["probability"] is not None]
    new = [uri for uri, row in scored if row["in_training"] == "false"]
    assert 0 < len(new) < CLIPS
    labels = collections.Counter(listed[os.path.basename(uri)]["label"] for uri in new)
    assert scoring.first.figures["videos"] == labels
    assert set(scoring.first.figures["metrics"]) == {"auc", "log_loss"}
    assert scoring.first.synthetic


def test_nothing_changed_is_nothing_done(scoring):
    assert {node["state"] for node in scoring.second.nodes} == {"cached"}
    first, second = (dataclasses.replace(each, nodes=[]) for each in (scoring.first, scoring.second))
    assert first == second


def test_model_folder_tells_the_drift(scoring):
    assert os.path.exists(os.path.join(scoring.config.model, STATISTICS_FILE))
    drift = scoring.first.drift
    assert drift.not_compared == []
    by_name = {each.name: each for each in drift.features}
    assert by_name["probe_status"].distance == pytest.approx(1 / (CLIPS + 1), abs=1e-5)
    # All clips come from the same program.
    assert (by_name["codec"].distance, by_name["codec"].drifted) == (0.0, False)
    for name in ("width", "height", "fps", "duration_s", "size_bytes", "probability_fake"):
        assert 0 <= by_name[name].distance <= 1
        assert by_name[name].scored_videos == CLIPS


def test_scores_lead_to_the_model_and_to_its_training(scoring, first_run):
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "lineage", scoring.first.scores]
    command += ["--runs-dir", scoring.config.runs_dir]
    found = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout)
    scores = found["scores"]
    assert scores["model"] == scoring.config.model
    assert scores["data_root"] == str(scoring.videos)
    assert scores["data_fingerprint"] == scoring.config.data.fingerprint
    made = scores["artifacts"][str(scores["pushed"])]["properties"]
    assert made["model_digest"] == scoring.config.model_digest
    (imported,) = (each for each in scores["artifacts"].values() if each["uri"] == scoring.config.model)
    assert imported["properties"]["model_digest"] == scoring.config.model_digest
    assert found["model"]["data_root"] == first_run.config.data.root
    assert "Trainer" in {each["node"] for each in found["model"]["executions"]}
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"scores by {scoring.config.model}" in told
