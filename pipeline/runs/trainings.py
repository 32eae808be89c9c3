"""Tells training runs, which have a report and can be audited, from scoring runs."""

import os

import ml_metadata as mlmd

from components.errors import UserError
from components.notices import notify
from pipeline.config.scoring import MODEL_NODE
from pipeline.runs.folders import run_folders, store_path
from pipeline.runs.store import connect, has_run, pipeline_name


def require_training(store: mlmd.MetadataStore, pipeline: str, run_dir: str) -> None:
    """Rejects a scoring run.

    Raises:
        UserError: with what the run has instead.
    """
    if not _is_training(store, pipeline):
        raise UserError(
            f"{run_dir}: a scoring run, which has neither a report nor audits; name a training run, or type "
            f"deepfake lineage {run_dir} for where its scores come from"
        )


def newest_training(runs_dir: str) -> str | None:
    """Returns the folder of the training run below `runs_dir` written to last; None if there is none.

    Stores that cannot be read are passed over, with a notice.
    """
    for run_dir in sorted(run_folders(runs_dir), key=lambda folder: -os.path.getmtime(store_path(folder))):
        try:
            store = connect(store_path(run_dir))
        except UserError as error:
            notify(f"passed over: {error.message}")
            continue
        if _is_training(store, pipeline_name(store, run_dir)):
            return run_dir
    return None


def _is_training(store: mlmd.MetadataStore, pipeline: str) -> bool:
    # One store may hold both kinds, under the same name.
    return has_run(store, pipeline, "Trainer") or not has_run(store, pipeline, MODEL_NODE)
