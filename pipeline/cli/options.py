"""Options shared by several commands."""

import enum
from typing import Annotated

import typer

from components.errors import UserError
from components.video_decoding.decoding_limits import MAX_MEMORY_MB, MAX_TIMEOUT_S, MIN_MEMORY_MB

Set = Annotated[
    list[str], typer.Option("--set", metavar="a.b=c", help="Overrides one key of the config; may be repeated.")
]


class PipelineName(str, enum.Enum):
    """The DAG to run or compile."""

    TRAINING = "training"
    SCORING = "scoring"


Which = Annotated[PipelineName, typer.Option("--pipeline", help="Which of the two is meant.")]


class Target(str, enum.Enum):
    """The engine that runs a compiled pipeline."""

    VERTEX = "vertex"
    KUBEFLOW = "kubeflow"


TargetConfig = Annotated[str | None, typer.Option(help="As for run; by default named like the target.")]
RunsDir = Annotated[str, typer.Option(help="The folder of all runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Model = Annotated[
    str, typer.Option(help="Version folder of a pushed model, or folder of versions; else the one pushed last.")
]
FaceModel = Annotated[str, typer.Option(help="The ONNX file of the detector yunet, if the model needs it.")]


def _timeout(seconds: float) -> float:
    # Written so that NaN is rejected too.
    if not 0 < seconds <= MAX_TIMEOUT_S:
        raise UserError(f"--timeout {seconds:g}: give seconds, above 0 and at most {MAX_TIMEOUT_S}")
    return seconds


def _memory_mb(mebibytes: int) -> int:
    if not MIN_MEMORY_MB <= mebibytes <= MAX_MEMORY_MB:
        raise UserError(f"--memory-mb {mebibytes}: give mebibytes, {MIN_MEMORY_MB} to {MAX_MEMORY_MB}")
    return mebibytes


Timeout = Annotated[float, typer.Option(metavar="SECONDS", callback=_timeout, help="That decoding one video may take.")]
MemoryMb = Annotated[int, typer.Option(metavar="MB", callback=_memory_mb, help="MiB that decoding it may take.")]
