"""Our own artifact types; their names are import paths in the form that the Kubeflow compiler requires."""

from tfx.types.artifact import Artifact


class Splits(Artifact):
    """`splits.csv`: one row per video with its group, its split and what placed it there."""

    TYPE_NAME = "components.Splits"


class Quarantine(Artifact):
    """`quarantine.jsonl`: one row per video that could not be used."""

    TYPE_NAME = "components.Quarantine"


class Report(Artifact):
    """`index.html`: the results of the run in one self-contained file."""

    TYPE_NAME = "components.Report"


class VideoMetrics(Artifact):
    """`metrics.json` with intervals, and `predictions.jsonl` with one row per video of the test split."""

    TYPE_NAME = "components.VideoMetrics"


class Scores(Artifact):
    """`scores.jsonl` with one row per video, `submission.csv`, and `outcome.json`, which summarises them."""

    TYPE_NAME = "components.Scores"


class Drift(Artifact):
    """`drift.json`: the distances of the scored videos and their scores from training."""

    TYPE_NAME = "components.Drift"


class Audits(Artifact):
    """`audits.json`: the measurements and warnings of each audit."""

    TYPE_NAME = "components.Audits"
