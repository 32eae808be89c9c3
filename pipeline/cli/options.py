"""Options that several commands have."""

import enum
from typing import Annotated

import typer

Set = Annotated[
    list[str], typer.Option("--set", metavar="a.b=c", help="Overrides one key of the config; may be repeated.")
]


class PipelineName(str, enum.Enum):
    """Which DAG is meant."""

    TRAINING = "training"
    SCORING = "scoring"


Which = Annotated[PipelineName, typer.Option("--pipeline", help="Which of the two is meant.")]


class Target(str, enum.Enum):
    """Where a compiled pipeline runs."""

    VERTEX = "vertex"
    KUBEFLOW = "kubeflow"
