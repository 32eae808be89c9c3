"""`deepfake index`: writes the manifest of a data set from its layout."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.data.check import examine_dataset
from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.options import Json, Set
from pipeline.terminal.console import Console, print_json, status
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from pipeline.config.training import TrainingConfig
    from pipeline.indexing.index import Index

# The manifest is what was asked for; `deepfake check` opens all videos.
_OPENED = 50
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
    from pipeline.config.sources.overrides import Given
    from pipeline.indexing.index import index_source
    from pipeline.indexing.layout import Told
    from pipeline.indexing.manifest_file import manifest_format

    told = Told(
        table=table,
        path_column=path_column,
        label_column=label_column,
        group_column=group_column,
        split_column=split_column,
        original_column=original_column,
        fake_values=_parts(fake_values),
        real_values=_parts(real_values),
    )
    manifest_format(out)
    loaded = load_config(config, [*settings, Given("--out", "data.manifest", out)])
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
        _show(found, loaded, console, as_json=json)
    raise typer.Exit(ExitCode.DONE)


def _show(found: "Index", config: "TrainingConfig", console: Console, *, as_json: bool) -> None:
    """Prints what was found, and the health of the data set as the manifest lists it."""
    from pipeline.terminal import health
    from pipeline.terminal.data.index import print_check_command, render, to_json

    if not as_json:
        render(found, console)
    _, report = examine_dataset(found.root, config, console, limit=_OPENED, shown=not as_json)
    if as_json:
        print_json({**to_json(found), "health": health.to_json(report)}, console, indent=2)
        return
    health.render(report, console)
    if report.probed < report.videos - len(report.missing):
        print_check_command(found, console)
