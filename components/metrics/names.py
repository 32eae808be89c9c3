"""The names of the metrics."""

from typing import Final

METRICS: Final = (
    "auc",
    "average_precision",
    "log_loss",
    "balanced_accuracy",
    "accuracy",
    "precision",
    "recall",
    "equal_error_rate",
    "expected_calibration_error",
    "tpr_at_1_percent_fpr",
    "inconclusive_share",
)
RANKED: Final = ("auc", "average_precision", "equal_error_rate", "tpr_at_1_percent_fpr")
LOWER_IS_BETTER: Final = frozenset(("log_loss", "equal_error_rate", "expected_calibration_error", "inconclusive_share"))
