"""The metrics that TFMA computes on the test split."""

import json
from collections.abc import Sequence
from typing import Any, Final

from google.protobuf import json_format
from tensorflow_model_analysis.proto import config_pb2

from components.features import LABEL_XF, PROBABILITY_FAKE

CONFUSION_THRESHOLDS: Final = tuple(round(0.05 * step, 2) for step in range(1, 20))

# The model's threshold is added to the metrics of verdicts.
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
_THRESHOLD_KEYS = {"accuracy": "threshold", "precision": "thresholds", "recall": "thresholds"}


def make_eval_config(threshold: float, slice_columns: Sequence[str] = ()) -> config_pb2.EvalConfig:
    """Returns TFMA's configuration, without TFMA's validation thresholds, since blessing is decided elsewhere.

    Args:
        threshold: at which the candidate calls a video FAKE; TFMA applies it to the baseline, too.
        slice_columns: text features to slice by, in addition to the metrics over all videos.
    """
    metrics = []
    for name, metric in _METRICS.items():
        options = dict(metric["config"])
        if name in _THRESHOLD_KEYS:
            options[_THRESHOLD_KEYS[name]] = threshold
        metrics.append({"className": metric["class_name"], "config": json.dumps(options)})
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
            "slicingSpecs": [{}, *({"featureKeys": [column]} for column in slice_columns)],
            "metricsSpecs": [{"metrics": metrics}],
        },
        config_pb2.EvalConfig(),
    )
