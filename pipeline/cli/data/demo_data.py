"""`deepfake demo-data`: draws a data set."""

import pathlib
from typing import Annotated

import typer

from pipeline.terminal.console import progress
from pipeline.terminal.log import log_to_file


def demo_data(
    out: Annotated[pathlib.Path, typer.Option(help="Folder for the videos and their metadata.json.")],
    videos: Annotated[int, typer.Option(help="How many; a third of them real.")] = 180,
    seed: Annotated[int, typer.Option(help="The same seed draws the same videos.")] = 0,
) -> None:
    """Draws synthetic talking heads, real and forged, to try the pipeline on."""
    from pipeline.demo_data import generate_demo_data

    with log_to_file() as console:
        with progress("drawing", console) as report_progress:
            generate_demo_data(out, videos=videos, seed=seed, progress=report_progress)
        console.print(f"{videos} synthetic videos in {out}")
