"""Collects the content of a report from a run's artifacts."""

import dataclasses
import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from components.anomalies import Anomaly, read_anomalies
from components.auditor.finding import Audit, read_audits
from components.emptied_splits import require_videos
from components.json_files import read_json
from components.metrics.scores import Scores
from components.redaction import redact
from components.report_gen.dataset_counts import DatasetCounts, read_dataset_counts
from components.report_gen.evaluation import Evaluation, read_evaluation
from components.report_gen.figures import (
    families_figure,
    precision_recall_figure,
    reliability_figure,
    roc_figure,
    score_figure,
    training_figure,
)
from components.report_gen.inputs import ReportSettings, SourceArtifacts
from components.report_gen.optional_files import read_if_exists
from components.report_gen.provenance import Provenance, provenance
from components.report_gen.score_curves import Points, histogram, precision_recall_points, reliability, roc_points
from components.report_gen.scored_videos import labels_and_scores, read_scored_videos
from components.report_gen.shown_videos import ShownVideo, show_videos
from components.report_gen.statistics import FeatureRow, read_statistics
from components.report_gen.threshold_explorer import Explorer, make_explorer
from components.report_gen.training_curves import read_training_curves
from components.served_model.description import Description, read_model_description
from components.serving_validator.check_file import CHECK_FILE

_SCORE_BINS = 20


@dataclasses.dataclass(frozen=True)
class Content:
    """Everything the page shows.

    Attributes:
        run: the run's name.
        description: the model's `model.json`.
        tested: the ids of the videos of the test split.
        roc: the ROC curve.
        figures: the charts by name; charts without data are missing.
        training: one chart per training metric.
        audits: of this model.
        audits_of_others: the names of audits that exist only for other models.
        serving_check: the content of `serving_check.json`; None if there is none.
    """

    run: str
    config: Mapping[str, Any]
    evaluation: Evaluation
    description: Description
    pushed_to: str | None
    tested: frozenset[str]
    roc: Points
    figures: dict[str, Markup]
    explorer: Explorer
    training: list[Markup]
    dataset: DatasetCounts
    statistics: list[FeatureRow]
    anomalies: list[Anomaly]
    audits: list[Audit]
    audits_of_others: list[str]
    serving_check: Mapping[str, Any] | None
    videos: list[ShownVideo]
    provenance: Provenance


def gather(sources: SourceArtifacts, settings: ReportSettings) -> Content:
    """Reads the artifacts and decodes the few videos that are shown.

    Raises:
        FileNotFoundError: if an artifact that every run has is missing.
        UserError: if the test split has no videos.
    """
    # Earlier versions stored the config unredacted.
    config = redact(json.loads(settings.config))
    evaluation = read_evaluation(sources.video_metrics, sources.blessing)
    description = read_model_description(sources.model)
    scored = read_scored_videos(sources.video_metrics)
    require_videos(evaluation.metrics["split"], len(scored))
    labels, scores = labels_and_scores(scored)
    explorer = make_explorer(labels, scores.probabilities, evaluation.metrics["threshold"], description)
    dataset = read_dataset_counts(sources.videos, sources.quarantine)
    roc = roc_points(labels, scores.ranks)
    audits, audits_of_others = _audits(sources, description.model_digest)
    return Content(
        run=config["name"],
        config=config,
        evaluation=evaluation,
        description=description,
        pushed_to=sources.pushed_to,
        tested=frozenset(video.video_id for video in scored),
        roc=roc,
        figures=_figures(labels, scores, roc, explorer, description, dataset),
        explorer=explorer,
        training=list(training_figures(sources.model_run).values()),
        dataset=dataset,
        statistics=read_statistics(sources.statistics),
        anomalies=read_anomalies(sources.anomalies),
        audits=audits,
        audits_of_others=audits_of_others,
        serving_check=_serving_check(sources.serving_check),
        videos=show_videos(scored, sources.model, description, config["extraction"], settings),
        provenance=provenance(config, description),
    )


def _audits(sources: SourceArtifacts, model_digest: str) -> tuple[list[Audit], list[str]]:
    """Returns the model's audits, later ones replacing the node's by name, and the names of other models' audits."""
    # The node's audits are always of its input model, even if they do not record its digest.
    of_node = read_audits(sources.audits) if sources.audits else []
    later = read_audits(sources.later_audits) if sources.later_audits else []
    ours = {audit.name: audit for audit in (*of_node, *later) if audit in of_node or audit.model_digest == model_digest}
    return list(ours.values()), sorted({audit.name for audit in later} - set(ours))


def _serving_check(folder: str | None) -> Mapping[str, Any] | None:
    return read_if_exists(read_json, os.path.join(folder, CHECK_FILE)) if folder else None


def training_figures(model_run: str) -> dict[str, Markup]:
    """Returns one chart per metric in the artifact `model_run`, by name, the loss first."""
    curves = read_training_curves(model_run)
    finite = {
        name: {split: members for split, members in by_split.items() if np.isfinite(np.concatenate(members)).any()}
        for name, by_split in curves.items()
    }
    in_order = sorted(finite.items(), key=lambda one: one[0] != "loss")
    return {name: training_figure(name, by_split) for name, by_split in in_order if by_split}


def _figures(
    labels: np.ndarray,
    scores: Scores,
    roc: Points,
    explorer: Explorer,
    description: Description,
    dataset: DatasetCounts,
) -> dict[str, Markup]:
    figures = {
        "scores": score_figure(
            *histogram(labels, scores.probabilities, _SCORE_BINS), explorer.threshold, description.inconclusive_band
        ),
        "families": families_figure(dataset.families),
    }
    if roc:
        counts = explorer.counts
        rates = (counts.false_positives / (1 - labels).sum(), counts.true_positives / labels.sum())
        figures["roc"] = roc_figure({"": roc}, rates)
        points = precision_recall_points(labels, scores.ranks)
        here = (rates[1], counts.precision) if counts.precision is not None else None
        figures["precision_recall"] = precision_recall_figure(points, float(labels.mean()), here)
    if len(labels):
        figures["reliability"] = reliability_figure(reliability(labels, scores.probabilities))
    return figures
