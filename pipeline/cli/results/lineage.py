"""`deepfake lineage`: traces a pushed model, or scores, back to everything that produced them."""

from typing import Annotated

import typer

from components.errors import UserError
from pipeline.cli.options import Json, RunsDir
from pipeline.terminal.console import Console, loading, print_document


def lineage(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN|MODEL|SCORES]",
            help="A run's name or folder, a pushed version folder, or scores; by default the model pushed last.",
        ),
    ] = None,
    runs_dir: RunsDir = "runs",
    json: Json = False,
) -> None:
    """Traces a pushed model back to its data, its configuration and its code, and scores back to their model."""
    console = Console()
    with loading("the store of runs", console, shown=not json):
        from pipeline.runs.lineage import find_lineage
        from pipeline.runs.scores_lineage import find_scores_lineage
        from pipeline.terminal.lineage import lineage_json, print_lineage, scores_lineage_json

    scores = find_scores_lineage(model, runs_dir) if model else None
    if scores is None:
        found = find_lineage(model, runs_dir)
        print_document(f"{lineage_json(found)}\n", console) if json else print_lineage(found, console)
        return
    try:
        trained, unknown = find_lineage(scores.model, runs_dir), ""
    except UserError as error:
        # The model may have been pushed by a run that is not here.
        trained, unknown = None, str(error)
    if json:
        print_document(f"{scores_lineage_json(scores, trained)}\n", console)
        return
    print_lineage(scores, console, title=f"scores by {scores.model}")
    console.print()
    if trained:
        print_lineage(trained, console)
    else:
        console.print(unknown)
