"""The result of a scoring run, as data."""

import dataclasses
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import storage
from components.drift_validator.finding import DriftFinding, read_drift
from components.submission_gen.score_files import OUTCOME_FILE, ROWS_FILE, SUBMISSION_FILE, read_outcome
from components.whole_files import write_whole
from pipeline.runs.folders import store_path
from pipeline.runs.nodes import NodeRow
from pipeline.runs.store import connect, latest_output

if TYPE_CHECKING:
    from pipeline.config.scoring import ScoringConfig

SCORES_FOLDER = "scores"


@dataclasses.dataclass(frozen=True)
class ScoringResult:
    """The content of `summary.json`.

    Attributes:
        run: the run's name.
        model: the version folder.
        model_digest: digest of its description.
        data_root: folder of the videos.
        data_fingerprint: fingerprint of their names, sizes and times.
        videos: number of videos to score.
        verdicts: counts by verdict.
        reasons: counts by reason, of videos that could not be scored.
        cautions: counts by caution, of videos that were scored.
        synthetic: whether some of the videos were drawn.
        figures: log loss and AUC with counts and intervals, as in `Figures`; None without labels.
        submission: the names that are `missing`, `unscored` and `extra` in it.
        drift: how the videos and their scores have drifted from training.
        scores: the file of rows.
        submission_file: the file in the challenge's format.
        log: the log file.
        nodes: id, state, seconds and number of records of each.
        in_training: counts by whether the model was trained on a video: `true`, `false` or `unknown`.
    """

    run: str
    model: str
    model_digest: str
    data_root: str
    data_fingerprint: str
    videos: int
    verdicts: dict[str, int]
    reasons: dict[str, int]
    cautions: dict[str, int]
    synthetic: bool
    figures: dict[str, Any] | None
    submission: dict[str, Any]
    drift: DriftFinding
    scores: str
    submission_file: str
    log: str
    nodes: list[dict[str, Any]]
    in_training: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether every requested video has a score."""
        return not self.reasons and not self.submission["missing"]


def collect_scores(config: "ScoringConfig", nodes: Sequence[NodeRow]) -> ScoringResult:
    """Collects the result of a finished run from its store, and copies its files to the run's folder."""
    store = connect(store_path(config.run_dir))
    made = latest_output(store, config.name, "SubmissionGen", "scores").uri
    folder = os.path.join(config.run_dir, SCORES_FOLDER)
    for name in (ROWS_FILE, SUBMISSION_FILE, OUTCOME_FILE):
        write_whole(os.path.join(folder, name), storage.read_bytes(os.path.join(made, name)))
    return ScoringResult(
        run=config.name,
        model=config.model,
        model_digest=config.model_digest,
        data_root=config.data.root,
        data_fingerprint=config.data.fingerprint,
        **read_outcome(made),
        drift=read_drift(latest_output(store, config.name, "DriftValidator", "drift").uri),
        scores=os.path.join(folder, ROWS_FILE),
        submission_file=os.path.join(folder, SUBMISSION_FILE),
        log=os.path.join(config.run_dir, "run.log"),
        nodes=[row.to_json() for row in nodes],
    )
