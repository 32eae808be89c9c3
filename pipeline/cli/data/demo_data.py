"""`deepfake demo-data`: draws a data set."""

import pathlib
from typing import Annotated

import typer

from pipeline.terminal.console import progress
from pipeline.terminal.log import log_to_file


def demo_data(
    out: Annotated[pathlib.Path, typer.Option(help="Folder for the videos and their metadata.json.")],
    videos: Annotated[int, typer.Option(help="How many; a third of them real.")] = 180,
    long: Annotated[int, typer.Option(help="So many long videos instead, half of them with a forged stretch.")] = 0,
    minutes: Annotated[float, typer.Option(help="Length of each of these.")] = 10.0,
    faces: Annotated[int, typer.Option(help="People in each of these, side by side.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed draws the same videos.")] = 0,
) -> None:
    """Draws synthetic talking heads, real and forged, to try the pipeline on."""
    from pipeline.demo_data import generate_demo_data, generate_long_videos

    with log_to_file() as console:
        with progress("drawing", console) as report_progress:
            if long:
                generate_long_videos(
                    out, videos=long, minutes=minutes, faces=faces, seed=seed, progress=report_progress
                )
            else:
                generate_demo_data(out, videos=videos, seed=seed, progress=report_progress)
        console.print(f"{long or videos} synthetic videos in {out}")
