"""Artifact types of our own; their names are import paths of the form that the Kubeflow compiler wants."""

from tfx.types.artifact import Artifact


class Quarantine(Artifact):
    """`quarantine.jsonl`: one row for each video that could not be used."""

    TYPE_NAME = "components.Quarantine"


class Report(Artifact):
    """`index.html`: what the run came to, in one file that needs nothing else."""

    TYPE_NAME = "components.Report"


class VideoMetrics(Artifact):
    """`metrics.json` with intervals, and `predictions.jsonl` with one row for each video of the test split."""

    TYPE_NAME = "components.VideoMetrics"


class Scores(Artifact):
    """`scores.jsonl` with one row for each video, `submission.csv`, and `outcome.json`, which sums them up."""

    TYPE_NAME = "components.Scores"


class Drift(Artifact):
    """`drift.json`: how far the scored videos and their scores are from training's."""

    TYPE_NAME = "components.Drift"


class Audits(Artifact):
    """`audits.json`: what each audit measured, and what it warns of."""

    TYPE_NAME = "components.Audits"
