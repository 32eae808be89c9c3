"""`deepfake report`: regenerates the report of a run, or compares two."""

import pathlib
import webbrowser
from typing import Annotated

import typer

from components.errors import UserError
from pipeline.cli.options import RunsDir
from pipeline.terminal.console import Console, status
from pipeline.terminal.log import log_to_file


def report(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN|MODEL]", help="A run's name or folder, or a pushed version folder.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Put two runs side by side instead.")
    ] = None,
    runs_dir: RunsDir = "runs",
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Makes the report of a run anew from its store, by default of the newest training."""
    if run and compare:
        raise UserError(f"--compare {' '.join(compare)}: takes two runs and no third, {run!r}; leave one out")
    with log_to_file() as console:
        with status("loading TensorFlow, and reading the artifacts", console):
            from pipeline.runs.report import compare_runs, report_run

            path = compare_runs(*compare, runs_dir) if compare else report_run(run, runs_dir)
        console.print(f"report {path}")
    if open_browser and not webbrowser.open(pathlib.Path(path).absolute().as_uri()):
        Console().print("no browser could be opened")
