"""The files of the artifact `video_metrics`."""

import os
from typing import Any, Final

from components.json_files import read_json

METRICS_FILE: Final = "metrics.json"
"""The output of `summarize`."""

DECISION_FILE: Final = "decision.json"
"""`blessed`, `baseline` (its URI or null), and `rules`, each with the fields of `gate.Rule`."""

PREDICTIONS_FILE: Final = "predictions.jsonl"
"""The fields of `predictions.Prediction`, one video per line."""

UNKNOWN_TRAINING_REMARK: Final = (
    "unknown is whether the models were trained on videos of the test split: this was evaluated by an earlier version"
)
"""The remark on an evaluation that has none of its own."""
CROSS_VALIDATION: Final = "cross_validation"
"""In place of a split's name: all videos, each scored by a model that has not seen it."""

CROSS_VALIDATION_FILE: Final = "cross_validation.json"
"""The output of `summarize_cross_validation`, if the run made one."""


def read_decision(path: str) -> dict[str, Any]:
    """Reads `decision.json`."""
    decision = read_json(path)
    # Earlier versions wrote `words` for `message`.
    rules = [
        {"message" if key == "words" else key: value for key, value in rule.items()}
        for rule in decision.get("rules", [])
    ]
    return {**decision, "rules": rules}


def read_cross_validation(folder: str) -> dict[str, Any] | None:
    """Reads the metrics of a cross-validation from the artifact `video_metrics`; None if the run made none."""
    try:
        return read_json(os.path.join(folder, CROSS_VALIDATION_FILE))
    except FileNotFoundError:
        return None
