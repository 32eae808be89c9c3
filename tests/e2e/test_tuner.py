import json
import os

import pytest

from components.trainer.model_description import read_model_description
from pipeline.store import connect, latest_execution

pytestmark = pytest.mark.e2e

SEARCH = ("tuner.enabled=true", "tuner.models=[frame_mean,frame_statistics]", "tuner.trials=2", "tuner.epochs=2")


def test_the_trainer_takes_what_the_search_found_best(run_pipeline, first_run):
    tuned = run_pipeline(*SEARCH)
    assert {"Tuner", "Trainer", "Evaluator"} <= tuned.complete
    store = connect(os.path.join(tuned.config.run_dir, "metadata.sqlite"))
    tuner = latest_execution(store, tuned.config.name, "Tuner")
    uris = {output.key: output.uri for output in tuner.outputs}
    with open(os.path.join(uris["tuner_results"], "tuner_results.json")) as file:
        trials = json.load(file)
    assert len(trials) == 2
    best = min(trials, key=lambda trial: trial["score"])
    trainer = latest_execution(store, tuned.config.name, "Trainer")
    model = next(output.uri for output in trainer.outputs if output.key == "model")
    trained = read_model_description(os.path.join(model, "Format-Serving"))["trainer"]
    assert trained["model"] == best["model"] in ("frame_mean", "frame_statistics")
    assert trained["learning_rate"] == best["learning_rate"]
