"""`deepfake extract`: fills the feature cache."""

import os
from typing import Annotated

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.interrupts import interruptible
from pipeline.cli.options import Json, Set
from pipeline.runners.launching.machine import require_machine
from pipeline.runs.locking.temporary_folder import own_temporary_files
from pipeline.terminal.console import loading, print_error, print_json
from pipeline.terminal.log import log_to_file


def extract(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Videos, globs, or folders of videos.")],
    config: Annotated[str, typer.Option(help="As for run; its encoder and extraction are meant.")] = "dfdc",
    cache_dir: Annotated[str | None, typer.Option(help="Stands for extraction.cache_dir of the config.")] = None,
    settings: Set = [],  # noqa: B006 (typer copies it)
    json: Json = False,
) -> None:
    """Fills the feature cache with the features of any videos. Exit code 3 if some cannot be used."""
    from pipeline.config.load import load_config
    from pipeline.config.sources.overrides import Given
    from pipeline.runners.beam.args import find_secrets

    require_machine()
    given = [] if cache_dir is None else [Given("--cache-dir", "extraction.cache_dir", cache_dir)]
    loaded = load_config(config, [*given, *settings])
    log = os.path.join(loaded.runs_dir, "extract.log")
    with log_to_file(log, find_secrets(loaded.beam_args)) as console, own_temporary_files(), interruptible(console):
        with loading("OpenCV and PyAV", console, shown=not json):
            from pipeline.extraction.extract import extract as extract_videos
            from pipeline.terminal.extraction import render, to_json

        outcomes = extract_videos(paths, loaded, console, shown=not json)
        if json:
            print_json(to_json(outcomes), console)
        else:
            render(outcomes, loaded.feature_cache_dir, console)
    lost = sum(outcome.state == "decoded" and not outcome.kept for outcome in outcomes)
    if lost:
        print_error(
            f"{loaded.feature_cache_dir}: the features of {lost:,} videos could not be kept; mend it, and type "
            "the command again"
        )
        raise typer.Exit(ExitCode.FAILED)
    unusable = any(outcome.state == "quarantined" for outcome in outcomes)
    raise typer.Exit(ExitCode.SOME_VIDEOS_UNUSABLE if unusable else ExitCode.DONE)
