"""What TFMA computes on the test split, and the bounds that bless a model."""

import json
from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format
from tensorflow_model_analysis.proto import config_pb2

from components.evaluator.bounds import Bound
from components.features import LABEL_XF, PROBABILITY_FAKE

CONFUSION_THRESHOLDS: Final = tuple(round(0.05 * step, 2) for step in range(1, 20))

# With the model's own threshold added, where a verdict is judged.
_METRICS: Final[dict[str, dict[str, Any]]] = {
    "auc": {"class_name": "AUC", "config": {"name": "auc", "num_thresholds": 10000}},
    "average_precision": {
        "class_name": "AUCPrecisionRecall",
        "config": {"name": "average_precision", "num_thresholds": 10000},
    },
    "accuracy": {"class_name": "BinaryAccuracy", "config": {"name": "accuracy"}},
    "log_loss": {"class_name": "BinaryCrossEntropy", "config": {"name": "log_loss"}},
    "precision": {"class_name": "Precision", "config": {"name": "precision"}},
    "recall": {"class_name": "Recall", "config": {"name": "recall"}},
    "confusion_matrix": {
        "class_name": "ConfusionMatrixAtThresholds",
        "config": {"name": "confusion_matrix", "thresholds": CONFUSION_THRESHOLDS},
    },
    "example_count": {"class_name": "ExampleCount", "config": {"name": "example_count"}},
}
_LOWER_IS_BETTER = ("log_loss",)
_THRESHOLD_KEYS = {"accuracy": "threshold", "precision": "thresholds", "recall": "thresholds"}


def make_eval_config(bounds: Mapping[str, Bound], threshold: float) -> config_pb2.EvalConfig:
    """Makes TFMA's configuration: all metrics overall, and a threshold for each of `bounds`.

    Args:
        bounds: that bless the model.
        threshold: at which the candidate calls a video FAKE. TFMA judges the baseline at it, too.
    """
    metrics = []
    for name, metric in _METRICS.items():
        options = dict(metric["config"])
        if name in _THRESHOLD_KEYS:
            options[_THRESHOLD_KEYS[name]] = threshold
        entry = {"className": metric["class_name"], "config": json.dumps(options)}
        if name in bounds:
            entry["threshold"] = _threshold(bounds[name], lower_is_better=name in _LOWER_IS_BETTER)
        metrics.append(entry)
    return json_format.ParseDict(
        {
            "modelSpecs": [
                {
                    "signatureName": "serving_default",
                    "predictionKey": PROBABILITY_FAKE,
                    "labelKey": LABEL_XF,
                    "preprocessingFunctionNames": ["transform_features"],
                }
            ],
            "slicingSpecs": [{}],
            "metricsSpecs": [{"metrics": metrics}],
        },
        config_pb2.EvalConfig(),
    )


def _threshold(bound: Bound, *, lower_is_better: bool) -> dict[str, object]:
    threshold: dict[str, object] = {}
    limits = {"lowerBound": bound.min, "upperBound": bound.max}
    value = {name: limit for name, limit in limits.items() if limit is not None}
    if value:
        threshold["valueThreshold"] = value
    if bound.worse_by is not None:
        threshold["changeThreshold"] = {
            "direction": "LOWER_IS_BETTER" if lower_is_better else "HIGHER_IS_BETTER",
            "absolute": bound.worse_by if lower_is_better else -bound.worse_by,
        }
    return threshold
