"""`deepfake submit`: submits a pipeline to an engine."""

from typing import Annotated

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.options import PipelineName, Set, Target, TargetConfig, Which
from pipeline.cli.pipelines.compile import load_for_target
from pipeline.terminal.console import Console


def submit_pipeline(
    target: Annotated[Target, typer.Option(help="The engine that is to run it.")],
    config: TargetConfig = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the run; exit code 1 if it fails.")] = False,
    job_id: Annotated[str, typer.Option(help="Stands for the id made from what is sent; runs the same again.")] = "",
) -> None:
    """Compiles the pipeline and hands it to Vertex AI or Kubeflow Pipelines; the same one is never taken twice."""
    loaded = load_for_target(config, pipeline, target, settings)
    from pipeline.submission.submit import InterruptedSubmissionError, submit

    console = Console()
    try:
        done = submit(target.value, loaded, console, job_id=job_id, dry_run=dry_run, wait=wait)
    except InterruptedSubmissionError as interrupted:
        console.print(f"interrupted; {interrupted}")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    raise typer.Exit(ExitCode.DONE if done else ExitCode.FAILED)
