"""Runs the audits by name on a run's examples and model."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import tensorflow as tf

from components.auditor.finding import Audit
from components.auditor.folds import grouped_folds, out_of_fold, random_folds
from components.auditor.known_videos import leave_out_known
from components.auditor.labels import audit_labels
from components.auditor.leak import audit_leak
from components.auditor.order import audit_order
from components.auditor.rescoring import VideoFiles, rescoring
from components.auditor.retraining import Retraining, recipe_of
from components.auditor.robustness import audit_robustness
from components.auditor.settings import AuditSettings
from components.auditor.shortcut import audit_shortcut
from components.auditor.unseen import audit_unseen
from components.auditor.videos import read_videos
from components.errors import UserError
from components.loadable_folder import loadable_folder
from components.metrics.scores import Scores
from components.served_model.description import read_model_description
from components.served_model.training_videos import read_training_videos

_NEED_FOLDS: Final = {"leak", "shortcut", "label"}
_NEED_OUT_OF_FOLD: Final = {"leak", "label"}


def run_audits(
    file_patterns: Mapping[str, Sequence[str]],
    model_path: str,
    settings: AuditSettings,
    *,
    report_progress: Callable[[str], None],
    files: VideoFiles | None = None,
    recorded: Mapping[str, int] | None = None,
) -> list[Audit]:
    """Runs the audits named in `settings`.

    Args:
        file_patterns: by split, frame-feature examples as gzipped TFRecords.
        model_path: of the run's served model.
        settings: which audits, on how many videos.
        report_progress: called with a message before each step.
        files: where the videos are; only the audit robustness reads them.
        recorded: the numbers of examples by split that there must be; those of other splits are not compared.

    Raises:
        UserError: if there are too few videos, fewer than two kinds of forgeries, or another number of examples; if the
            model was trained on too many of the test split.
    """
    description = read_model_description(model_path)
    recipe = recipe_of(description)
    report_progress("reading")
    served = tf.saved_model.load(loadable_folder(model_path))
    videos = read_videos(file_patterns, served, limit=settings.max_videos, seed=recipe.seed, recorded=recorded)
    videos, remarks = leave_out_known(videos, read_training_videos(model_path, description), description.group_by)
    _, frames, feature_size = videos.transformed.shape
    retraining = Retraining(recipe, frames=frames, feature_size=feature_size)
    names = set(settings.names)
    folds: list[np.ndarray] = []
    if names & _NEED_FOLDS or ("unseen" in names and settings.sources_by):
        folds = grouped_folds(videos, recipe.seed)
    out_of_folds = Scores(np.empty(0), np.empty(0))
    if names & _NEED_OUT_OF_FOLD:
        report_progress(f"training on {len(folds)} grouped folds")
        out_of_folds = out_of_fold(videos, folds, retraining)

    @functools.cache
    def random() -> Scores:
        """Trains for two audits once."""
        return out_of_fold(videos, random_folds(videos, recipe.seed, len(folds)), retraining)

    def robustness() -> Audit:
        if files is None:
            raise UserError("audit robustness: where the run's videos are is not known; run it once more")
        rescore = rescoring(videos, files, model_path, served, description)
        rule, limit = description.decision_rule, settings.robustness_videos
        return audit_robustness(videos, rescore, rule, limit=limit, seed=recipe.seed)

    audits: dict[str, Callable[[], Audit]] = {
        "leak": lambda: audit_leak(videos, out_of_folds, random()),
        "shortcut": lambda: audit_shortcut(videos, folds, recipe.seed),
        "order": lambda: audit_order(videos, served, recipe.seed),
        "label": lambda: audit_labels(videos, retraining, out_of_folds),
        "unseen": lambda: audit_unseen(
            videos, retraining, random, kinds_by=settings.unseen_by, sources_by=settings.sources_by
        ),
        "robustness": robustness,
    }
    found = []
    for name in settings.names:
        report_progress(f"{name} audit")
        found.append(audits[name]())
    digest, fingerprint = description.model_digest, description.data_fingerprint
    return [
        dataclasses.replace(
            audit, remarks=[*remarks, *audit.remarks], model_digest=digest, data_fingerprint=fingerprint
        )
        for audit in found
    ]
