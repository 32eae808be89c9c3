"""`deepfake index`: writes the manifest of a data set from its layout."""

from typing import Annotated

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.options import Json, Set
from pipeline.terminal.console import print_json, status
from pipeline.terminal.log import log_to_file

_LAYOUTS = "dfdc, faceforensics, celeb-df, fakeavceleb, folders, table, or auto"


def _parts(values: list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def index(
    source: Annotated[str, typer.Argument(help="Folder or bucket of the videos, or a table beside them.")],
    out: Annotated[str, typer.Option(help="The manifest to write: .csv, .jsonl or .parquet.")],
    layout: Annotated[str, typer.Option(help=f"How the data lie: {_LAYOUTS}, which says what it took.")] = "auto",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a manifest that is there.")] = False,
    table: Annotated[str, typer.Option(help="The table that lists the videos, if it is not beside them.")] = "",
    path_column: Annotated[str, typer.Option(help="The table's column of paths.")] = "",
    label_column: Annotated[str, typer.Option(help="The table's column of labels.")] = "",
    group_column: Annotated[str, typer.Option(help="Its column of what keeps videos together.")] = "",
    split_column: Annotated[str, typer.Option(help="Its column of official splits.")] = "",
    original_column: Annotated[str, typer.Option(help="Its column of the videos that fakes were made from.")] = "",
    fake_values: Annotated[
        list[str], typer.Option(metavar="A,B", help="Labels, or names of folders, that mean fake.")
    ] = [],  # noqa: B006 (typer copies it)
    real_values: Annotated[list[str], typer.Option(metavar="A,B", help="Those that mean real.")] = [],  # noqa: B006
    config: Annotated[str, typer.Option(help="Config whose splits are shown, as for check.")] = "dfdc",
    settings: Set = [],  # noqa: B006
    json: Json = False,
) -> None:
    """Writes the manifest of a data set from its layout, moves no file, and tells what it derived and left out."""
    from pipeline.config.load import load_config
    from pipeline.indexing.index import index_source
    from pipeline.indexing.layout import Told
    from pipeline.terminal.data.index import render, to_json

    told = Told(
        table,
        path_column,
        label_column,
        group_column,
        split_column,
        original_column,
        _parts(fake_values),
        _parts(real_values),
    )
    load_config(config, settings)
    with log_to_file() as console:
        with status(f"indexing {source}", console, shown=not json and console.is_terminal) as tell:
            found = index_source(
                source,
                layout,
                out,
                told,
                overwrite=overwrite,
                progress=lambda videos: tell(f"indexing {source}: {videos:,} videos"),
            )
        if json:
            print_json(to_json(found), console, indent=2)
        else:
            render(found, console)
    raise typer.Exit(ExitCode.DONE)
