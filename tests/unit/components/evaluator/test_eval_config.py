import json

import pytest

from components.evaluator.bounds import Bound
from components.evaluator.eval_config import make_eval_config


@pytest.mark.parametrize("threshold", [0.5, 0.83])
def test_verdicts_are_judged_at_the_models_own_threshold(threshold):
    config = make_eval_config({"accuracy": Bound(min=0.7), "auc": Bound(min=0.6)}, threshold)
    metrics = {
        metric["name"]: metric for metric in (json.loads(each.config) for each in config.metrics_specs[0].metrics)
    }
    assert metrics["accuracy"]["threshold"] == threshold
    assert metrics["precision"]["thresholds"] == metrics["recall"]["thresholds"] == threshold
    assert all("threshold" not in metrics[name] for name in ("auc", "log_loss"))
