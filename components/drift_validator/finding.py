"""The result of the DriftValidator, and its file."""

import dataclasses
import os
from typing import Final

import pydantic

from components.json_files import read_json, write_json

DRIFT_FILE: Final = "drift.json"
REMARK: Final = (
    "A distance on few videos means little. Drift says that these videos, or their scores, are distributed otherwise "
    "than those that the model was made with, not that a score is wrong."
)


@dataclasses.dataclass(frozen=True)
class FeatureDrift:
    """The drift of one feature.

    Attributes:
        name: of the feature.
        measure: the name of the distance.
        distance: None if it cannot be measured.
        threshold: the distance above which it is drift.
        drifted: None if not judged.
        reason: why it is not judged; empty if it is.
        scored_videos: number of videos behind the distance.
        training_videos: the same for training; for scores, the videos of the model's test.
    """

    name: str
    measure: str
    distance: float | None
    threshold: float
    drifted: bool | None
    reason: str
    scored_videos: int
    training_videos: int


@dataclasses.dataclass(frozen=True)
class DriftFinding:
    """The content of `drift.json`.

    Attributes:
        features: one per compared feature.
        not_compared: a message saying why features were not compared.
        remark: how to read a distance.
    """

    features: list[FeatureDrift]
    not_compared: list[str]
    remark: str = REMARK

    @property
    def drifted(self) -> list[str]:
        """The names of the features that drifted."""
        return [feature.name for feature in self.features if feature.drifted]


def write_drift(folder: str, finding: DriftFinding) -> None:
    """Writes `drift.json`."""
    write_json(os.path.join(folder, DRIFT_FILE), dataclasses.asdict(finding))


def read_drift(folder: str) -> DriftFinding:
    """Reads the file that `write_drift` wrote."""
    return pydantic.TypeAdapter(DriftFinding).validate_python(read_json(os.path.join(folder, DRIFT_FILE)))
