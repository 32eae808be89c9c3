"""How a served model takes videos of any length: the windows and the faces that become clips."""

import dataclasses

import numpy as np

from components import features
from components.errors import UserError
from components.served_model.description import Description
from components.served_model.folder import ModelFolder
from components.served_model.training_statistics import name_of, read_training_statistics
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.windows import WHOLE, Windowing


def windowing_of(model: ModelFolder) -> Windowing:
    """Returns the windows that the model was trained on; as long as most videos of the training, if it took them whole.

    Videos are taken whole by a model that cannot score several clips, as those of earlier versions.
    """
    if not aggregates(model.description):
        return WHOLE
    return Windowing(trained_window_s(model), model.description.hop)


def trained_window_s(model: ModelFolder) -> float:
    """Returns the length of the windows that it was trained on, or of most of its whole videos; 0 if not known."""
    windows = model.description.windows
    return _median_duration(model.path) if windows == "whole" else windows


def tracks_of(described: Description) -> TrackChoice | None:
    """Returns which faces of a window become clips; None for one clip of its largest face."""
    if described.faces is None:
        return None
    choice = described.faces.choice
    return choice if aggregates(described) else dataclasses.replace(choice, most=1)


def aggregates(described: Description) -> bool:
    """Whether the model can score a video of several clips."""
    return described.aggregation is not None and described.aggregation.is_possible


def require_aggregation(model: ModelFolder, option: str) -> None:
    """Rejects an option that cuts videos into windows if the model cannot score several.

    Raises:
        UserError: saying why.
    """
    if model.description.aggregation is None:
        raise UserError(f"{option}: {model.path} is of an earlier version, which takes videos whole; leave it out")
    if not aggregates(model.description):
        raise UserError(
            f"{option}: {model.path} takes videos whole, since too few real eval videos tell how windows are scored; "
            "leave it out, or train with more"
        )


def _median_duration(model_path: str) -> float:
    """Returns the median duration of the training videos in seconds; 0 if it is not known."""
    statistics = read_training_statistics(model_path)
    medians = [
        feature.num_stats.median
        for dataset in (statistics.datasets if statistics else ())
        for feature in dataset.features
        if name_of(feature) == features.DURATION_S
    ]
    return float(medians[0]) if medians and np.isfinite(medians[0]) else 0.0
