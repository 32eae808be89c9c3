import json

import pytest

from components.evaluator.eval_config import make_eval_config


@pytest.mark.parametrize("threshold", [0.5, 0.83])
def test_verdicts_are_judged_at_the_models_own_threshold(threshold):
    config = make_eval_config(threshold)
    metrics = {
        metric["name"]: metric for metric in (json.loads(each.config) for each in config.metrics_specs[0].metrics)
    }
    assert metrics["accuracy"]["threshold"] == threshold
    assert metrics["precision"]["thresholds"] == metrics["recall"]["thresholds"] == threshold
    assert all("threshold" not in metrics[name] for name in ("auc", "log_loss"))


def test_all_videos_come_before_the_slices():
    config = make_eval_config(0.5, ["codec", "meta/family"])
    assert [list(spec.feature_keys) for spec in config.slicing_specs] == [[], ["codec"], ["meta/family"]]
