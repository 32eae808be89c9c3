"""`deepfake score`: scores videos with a pushed model."""

import os
from typing import Annotated

import typer

from components.errors import UserError
from components.video_decoding.decoding_limits import MEMORY_MB, TIMEOUT_S
from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.interrupts import interruptible
from pipeline.cli.options import FaceModel, MemoryMb, Model, RunsDir, Timeout
from pipeline.runs.locking.temporary_folder import own_temporary_files
from pipeline.terminal.console import loading
from pipeline.terminal.log import log_to_file

_NO_CACHE = "none"
_PRIOR = 0.5
_CLIP = 0.01


def score(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Videos, globs, or folders of videos.")],
    model: Model = "",
    out: Annotated[str, typer.Option(help="File for a row of each video: .csv, .jsonl or .parquet.")] = "",
    explain: Annotated[str, typer.Option(help="Of one video: an HTML page with its frames and the evidence.")] = "",
    gif: Annotated[str, typer.Option(help="Of one video: a GIF of the frames that were looked at.")] = "",
    submission: Annotated[str, typer.Option(help="File in the challenge's format; needs --like.")] = "",
    like: Annotated[str, typer.Option(help="The challenge's sample submission, whose names are filled.")] = "",
    prior: Annotated[float, typer.Option(min=0, max=1, help="In a submission, of what has no score.")] = _PRIOR,
    clip: Annotated[float, typer.Option(min=0, max=0.49, help="Nothing in it is below, or above 1 - this.")] = _CLIP,
    windows: Annotated[
        str, typer.Option(metavar="SECONDS|whole", help="Length of the windows of a long video; else the model's.")
    ] = "",
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="Where to begin, as 90, 1:30 or 1:02:30.")] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="Where to end.")] = "",
    max_windows: Annotated[int, typer.Option(min=0, help="The most windows of a video, evenly spread; 0 for all.")] = 0,
    labels: Annotated[str, typer.Option(help="metadata.json, manifest or CSV; else those beside the videos.")] = "",
    face_model: FaceModel = "",
    workers: Annotated[int, typer.Option(min=0, help="Videos scored at once, if many; 0 = one for each core.")] = 0,
    beam: Annotated[list[str], typer.Option(metavar="OPTION", help="A further option of Beam; may be repeated.")] = [],  # noqa: B006
    timeout: Timeout = TIMEOUT_S,
    memory_mb: MemoryMb = MEMORY_MB,
    cache_dir: Annotated[str, typer.Option(help="As of extract, or none; by default RUNS_DIR/feature_cache.")] = "",
    runs_dir: RunsDir = "runs",
) -> None:
    """Scores any videos by a pushed model. Exit code 3 if some could not be scored."""
    from pipeline.runners.beam.args import find_secrets

    if bool(submission) != bool(like):
        raise UserError("--submission and --like belong together; type --submission FILE --like sample_submission.csv")
    # Otherwise TensorFlow imports Keras, two fifths of its time, which scoring does not need. TFT sets this in a run.
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    log = os.path.join(runs_dir, "score.log")
    with log_to_file(log, find_secrets(beam)) as console, own_temporary_files(), interruptible(console):
        with loading("OpenCV and PyAV", console):
            from components.served_model.window_options import WindowOptions
            from pipeline.score.request import ScoreRequest, answer_request

        request = ScoreRequest(
            paths=paths,
            model=model,
            out=out,
            explain=explain,
            gif=gif,
            submission=submission,
            like=like,
            prior=prior,
            clip=clip,
            windows=WindowOptions(windows, start, end, max_windows),
            labels=labels,
            face_model=face_model,
            workers=workers or os.cpu_count() or 1,
            beam_args=beam,
            timeout_s=timeout,
            memory_mb=memory_mb,
            cache_dir="" if cache_dir == _NO_CACHE else cache_dir or os.path.join(runs_dir, "feature_cache"),
            runs_dir=runs_dir,
        )
        complete = answer_request(request, console)
    raise typer.Exit(ExitCode.DONE if complete else ExitCode.SOME_VIDEOS_UNUSABLE)
