"""The files of the artifact `video_metrics`."""

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


def read_decision(path: str) -> dict[str, Any]:
    """Reads `decision.json`."""
    decision = read_json(path)
    # Earlier versions wrote `words` for `message`.
    rules = [
        {"message" if key == "words" else key: value for key, value in rule.items()}
        for rule in decision.get("rules", [])
    ]
    return {**decision, "rules": rules}
