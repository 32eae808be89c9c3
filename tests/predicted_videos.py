"""Random predictions in the Evaluator's format."""

import numpy as np

from components.evaluator.predictions import Prediction


def predicted(
    labels: list[str] | np.ndarray,
    probabilities: list[float] | np.ndarray,
    *,
    facts: list[dict[str, str]] | None = None,
    groups: list[str] | None = None,
    synthetic: bool = False,
    log_odds: list[float] | np.ndarray | None = None,
) -> list[Prediction]:
    """Returns a prediction for each label and probability; by default each video is a group of its own."""
    return [
        Prediction(
            video_id=f"{index}.mp4",
            uri=f"videos/{index}.mp4",
            group_id=groups[index] if groups else str(index),
            label=str(label),
            probability_fake=float(probability),
            frame_scores=[float(probability)],
            frame_timestamps_s=[0.0],
            synthetic=synthetic,
            facts=facts[index] if facts else {},
            log_odds_fake=None if log_odds is None else float(log_odds[index]),
        )
        for index, (label, probability) in enumerate(zip(labels, probabilities, strict=True))
    ]
