"""The inputs of a report: the artifacts of a run, and settings."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any

from components import storage

_SERVING_FOLDER = "Format-Serving"


@dataclasses.dataclass(frozen=True)
class SourceArtifacts:
    """Uris of the folders that hold a run's artifacts; None for artifacts the run does not have.

    Attributes:
        videos: video examples, one `Split-*` folder per split.
        statistics: of the video examples.
        anomalies: of the video examples.
        quarantine: the videos that could not be used.
        model: the candidate's SavedModel.
        model_run: its training curves.
        video_metrics: metrics and predictions of the test split.
        blessing: of the candidate.
        pushed_to: the version folder of the candidate, if it was pushed.
        serving_check: of the candidate.
        audits: output of the run's own Auditor.
        later_audits: written by `deepfake audit`, possibly for other models.
    """

    videos: str
    statistics: str
    anomalies: str
    quarantine: str
    model: str
    model_run: str
    video_metrics: str
    blessing: str
    pushed_to: str | None = None
    serving_check: str | None = None
    audits: str | None = None
    later_audits: str | None = None

    @classmethod
    def from_artifacts(cls, uris: Mapping[str, str], pushed_to: str | None) -> "SourceArtifacts":
        """Builds from the uris of the node's inputs by key; a Trainer's model is in a subfolder."""
        names = {field.name for field in dataclasses.fields(cls)}
        model = os.path.join(uris["model"], _SERVING_FOLDER)
        values: dict[str, Any] = {key: uri for key, uri in uris.items() if key in names}
        values["model"] = model if storage.exists(model) else uris["model"]
        return cls(**values, pushed_to=pushed_to)


@dataclasses.dataclass(frozen=True)
class ReportSettings:
    """What a report shows, and what it needs besides the artifacts.

    Attributes:
        config: the run's config as JSON.
        data_root: folder or bucket of the videos whose frames are shown.
        filmstrips: number of videos whose frames are shown; 0 for none.
        overlays: number of these that also get an occlusion map.
    """

    config: str
    data_root: str
    filmstrips: int
    overlays: int
