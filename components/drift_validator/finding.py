"""What the DriftValidator finds, and the file that holds it."""

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
    """One line of the finding.

    Attributes:
        name: of the feature.
        measure: the name of the distance.
        distance: None where it cannot be measured.
        threshold: above which it is drift.
        drifted: None where it is not judged.
        reason: why it is not judged; empty where it is.
        scored_videos: behind the distance.
        training_videos: behind the distance; of scores, those of the model's test.
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
        features: one for each thing that was compared.
        not_compared: why things were not, in words.
        remark: what a distance says.
    """

    features: list[FeatureDrift]
    not_compared: list[str]
    remark: str = REMARK

    @property
    def drifted(self) -> list[str]:
        """The names of what has drifted."""
        return [feature.name for feature in self.features if feature.drifted]


def write_drift(folder: str, finding: DriftFinding) -> None:
    """Writes `drift.json`."""
    write_json(os.path.join(folder, DRIFT_FILE), dataclasses.asdict(finding))


def read_drift(folder: str) -> DriftFinding:
    """Reads what `write_drift` wrote."""
    return pydantic.TypeAdapter(DriftFinding).validate_python(read_json(os.path.join(folder, DRIFT_FILE)))
