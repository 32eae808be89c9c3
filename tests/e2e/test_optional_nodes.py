"""A run with a search, members, audits and overlays, and an audit of a run without them."""

import json
import os

import pytest
import tensorflow as tf
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from components.auditor.videos import read_videos
from components.cross_validator.out_of_fold import read_out_of_fold
from components.evaluator.predictions import read_predictions
from components.examples import is_added, read_records
from components.served_model.description import read_model_description
from pipeline.runs.artifacts import frame_features_and_model
from pipeline.runs.store import connect, latest_execution

pytestmark = pytest.mark.e2e

SEARCH = ("tuner.enabled=true", "tuner.models=[frame_mean,frame_statistics]", "tuner.trials=2", "tuner.epochs=2")

AUGMENTED = ("augment.self_blended=1", "augment.recompressed=1", "augment.given_fakes=0.5")
MEMBERS = ("trainer.members=2", "trainer.weight_averaging=0.9")

CROSS_VALIDATED = (
    "evaluator.cross_validation=3",
    "evaluator.bounds_on=cross_validation",
    "evaluator.slice_bounds={}",
)


@pytest.fixture(scope="module")
def whole_run(run_pipeline):
    # Under its own name, since other tests count what is in their store.
    return run_pipeline(
        "name=whole",
        *SEARCH,
        *MEMBERS,
        *AUGMENTED,
        "audits.names=[label,leak,robustness]",
        "report.overlays=1",
        *CROSS_VALIDATED,
    )


def test_the_trainer_takes_what_the_search_found_best(whole_run):
    assert {"Tuner", "Auditor", "CrossValidator"} <= whole_run.complete
    store = connect(os.path.join(whole_run.config.run_dir, "metadata.sqlite"))
    uris = {output.key: output.uri for output in latest_execution(store, "whole", "Tuner").outputs}
    with open(os.path.join(uris["tuner_results"], "tuner_results.json")) as file:
        trials = json.load(file)
    assert len(trials) == 2
    best = min(trials, key=lambda trial: trial["score"])
    _, model_path = frame_features_and_model(whole_run.config.run_dir)
    trained = read_model_description(model_path).trainer
    assert trained["model"] == best["model"] in ("frame_mean", "frame_statistics")
    assert trained["learning_rate"] == best["learning_rate"]


def test_the_mean_of_the_members_is_what_is_judged_and_shown(whole_run):
    _, model_path = frame_features_and_model(whole_run.config.run_dir)
    described = read_model_description(model_path)
    assert [member.seed for member in described.members] == [whole_run.config.seed, whole_run.config.seed + 1]
    assert f"the mean of 2 members, best after {described.best_epochs[0]}, {described.best_epochs[1]}" in whole_run.page
    store = connect(os.path.join(whole_run.config.run_dir, "metadata.sqlite"))
    (metrics,) = (
        output.uri for output in latest_execution(store, "whole", "Evaluator").outputs if output.key == "video_metrics"
    )
    predictions = read_predictions(metrics)
    assert all(0 < prediction.probability_std < 0.5 for prediction in predictions)
    labels = [prediction.label == "FAKE" for prediction in predictions]
    auc = roc_auc_score(labels, [prediction.log_odds_fake for prediction in predictions])
    assert whole_run.result.evaluation["metrics"]["auc"]["value"] == pytest.approx(auc)
    (out_of_fold,) = (output.uri for output in latest_execution(store, "whole", "CrossValidator").outputs)
    assert None not in [score.log_odds_fake for score in read_out_of_fold(out_of_fold)]


def test_audits_of_the_config_are_in_the_result_and_in_the_report(whole_run):
    assert [audit.name for audit in whole_run.result.audits] == ["label", "leak", "robustness"]
    for audit in whole_run.result.audits:
        assert audit.headline in whole_run.page


def test_the_trainer_takes_a_share_of_the_given_fakes_and_all_that_was_made_and_says_so(whole_run):
    _, model_path = frame_features_and_model(whole_run.config.run_dir)
    assert read_model_description(model_path).given_fakes == 0.5
    robustness = whole_run.result.audits[-1]
    counts = whole_run.result.evaluation["videos"]
    clean = robustness.measurements[0]
    assert (clean.name, clean.count) == ("auc, as they are", counts["FAKE"] + counts["REAL"])
    assert clean.value == pytest.approx(whole_run.result.evaluation["metrics"]["auc"]["value"], abs=1e-6)
    assert robustness.remarks == []


def test_a_cross_validation_measures_all_videos_and_is_what_the_bounds_are_met_by(whole_run):
    result = whole_run.result
    crossed = result.cross_validation
    patterns, _ = frame_features_and_model(whole_run.config.run_dir)
    examples = {split: list(read_records(*files).as_numpy_iterator()) for split, files in patterns.items()}
    videos = {
        split: sum(not is_added(tf.train.Example.FromString(record)) for record in records)
        for split, records in examples.items()
    }
    assert len(examples["train"]) > 2 * videos["train"]
    assert crossed["splits"] == videos
    assert sum(crossed["videos"].values()) == sum(videos.values()) > sum(result.evaluation["videos"].values())
    assert len(crossed["folds"]) == 3
    (caveat,) = crossed["caveats"]
    assert "searched" in caveat
    assert {rule["split"] for rule in result.decision["rules"] if rule["rule"] != "worse_by"} == {"cross_validation"}
    assert {rule["split"] for rule in result.decision["rules"] if rule["rule"] == "worse_by"} == {"test"}
    assert 'id="cross-validation"' in whole_run.page
    assert result.blessed, result.failed
    with open(os.path.join(result.model, "assets.extra", "model_card.json")) as file:
        assert json.load(file)["cross_validation"] == crossed


def test_what_drove_a_verdict_lies_over_as_many_videos_as_wanted(whole_run):
    assert whole_run.page.count('class="video"') == 2
    assert whole_run.page.count('<svg class="overlay"') == 1


def test_audits_take_videos_in_one_order_whatever_order_they_were_written_in(first_run, tmp_path):
    patterns, model_path = frame_features_and_model(first_run.config.run_dir)
    turned = {split: [str(tmp_path / split)] for split in patterns}
    for split, (path,) in turned.items():
        records = list(read_records(*patterns[split]).as_numpy_iterator())
        assert len(records) > 1
        with tf.io.TFRecordWriter(path, "GZIP") as writer:
            for record in reversed(records):
                writer.write(record)
    served = tf.saved_model.load(model_path)
    videos, again = (read_videos(files, served, limit=1000, seed=0) for files in (patterns, turned))
    assert list(again.ids) == list(videos.ids)
    assert list(again.splits) == list(videos.splits)
    assert (again.frame_features == videos.frame_features).all()


def test_a_finished_run_is_audited_by_its_folder(first_run):
    from pipeline.cli.app import app

    arguments = [first_run.config.run_dir, "--only", "order", "--only", "shortcut"]
    result = CliRunner().invoke(app, ["audit", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    with open(f"{first_run.config.run_dir}/audits.json") as file:
        audits = json.load(file)
    again = CliRunner().invoke(app, ["audit", *arguments[:3]], catch_exceptions=False)
    with open(f"{first_run.config.run_dir}/audits.json") as file:
        assert json.load(file) == audits
    os.remove(f"{first_run.config.run_dir}/audits.json")
    assert again.exit_code == 0
    _, model_path = frame_features_and_model(first_run.config.run_dir)
    digest = read_model_description(model_path).model_digest
    assert {audit["model_digest"] for audit in audits} == {digest}
    assert [audit["name"] for audit in audits] == ["shortcut", "order"]
    counts = first_run.result.evaluation["videos"]
    in_order = audits[0]["measurements"][0]
    assert in_order["count"] == counts["FAKE"] + counts["REAL"]
    # On frames in their original order, the audit measures what the Evaluator measured.
    assert in_order["value"] == pytest.approx(first_run.result.evaluation["metrics"]["auc"]["value"], abs=1e-6)
