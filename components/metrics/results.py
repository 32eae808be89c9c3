"""The files of the artifact `video_metrics`."""

import json
import os
from typing import Any, Final

import tensorflow as tf

METRICS_FILE: Final = "metrics.json"
"""What `summarize` gives."""

DECISION_FILE: Final = "decision.json"
"""`blessed`, `baseline` (its uri or null), and `rules`: the fields of `gate.Rule` each."""

PREDICTIONS_FILE: Final = "predictions.jsonl"
"""The fields of `predictions.Prediction`, one video a line."""


def read_result(folder: str, name: str) -> dict[str, Any]:
    """Reads one of the JSON files above."""
    with tf.io.gfile.GFile(os.path.join(folder, name)) as file:
        return json.load(file)


def read_decision(folder: str) -> dict[str, Any]:
    """Reads `decision.json`."""
    decision = read_result(folder, DECISION_FILE)
    # Earlier versions wrote `words` for `message`.
    rules = [
        {"message" if key == "words" else key: value for key, value in rule.items()}
        for rule in decision.get("rules", [])
    ]
    return {**decision, "rules": rules}


def write_result(folder: str, name: str, content: dict[str, Any]) -> None:
    """Writes one of the JSON files above."""
    with tf.io.gfile.GFile(os.path.join(folder, name), "w") as file:
        json.dump(content, file, indent=2)
