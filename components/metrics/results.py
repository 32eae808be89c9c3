"""The files of the artifact `video_metrics`."""

from typing import Final

METRICS_FILE: Final = "metrics.json"
"""What `summarize` gives."""

DECISION_FILE: Final = "decision.json"
"""`blessed`, `baseline` (its uri or null), and `rules`: the fields of `gate.Rule` each."""

PREDICTIONS_FILE: Final = "predictions.jsonl"
"""The fields of `predictions.Prediction`, one video a line."""
