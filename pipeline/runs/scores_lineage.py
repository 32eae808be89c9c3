"""Traces scores back to their videos and their model, through the MLMD store of their run."""

import os

from components.submission_gen.score_files import ROWS_FILE, SUBMISSION_FILE
from pipeline.runs.folders import find_run_folder, store_path
from pipeline.runs.lineage import Lineage, trace
from pipeline.runs.scoring_result import SCORES_FOLDER
from pipeline.runs.store import connect, plain_properties

_SCORES = "components.Scores"


def find_scores_lineage(named: str, runs_dir: str) -> Lineage | None:
    """Traces the latest scores of a scoring run; returns None if `named` is not one.

    Args:
        named: the run's name or folder, the folder of its scores, or a file in it.
        runs_dir: the folder of all runs.
    """
    folder = find_run_folder(_run_of(named), runs_dir)
    if folder is None:
        return None
    path = store_path(folder)
    store = connect(path)
    if _SCORES not in {known.name for known in store.get_artifact_types()}:
        return None
    made = max(store.get_artifacts_by_type(_SCORES), key=lambda artifact: artifact.id, default=None)
    return trace(store, made, path, model=plain_properties(made)["model"]) if made else None


def _run_of(named: str) -> str:
    folder = os.path.dirname(named) if os.path.basename(named) in (ROWS_FILE, SUBMISSION_FILE) else named
    inside = os.path.basename(os.path.normpath(folder)) == SCORES_FOLDER
    return os.path.dirname(os.path.normpath(folder)) if inside else folder
