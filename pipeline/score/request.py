"""Answers a request to `deepfake score`: prints, and writes rows, a submission, a page or a GIF."""

import dataclasses
from collections.abc import Sequence

from components import storage
from components.dataset.entries import show
from components.errors import UserError
from components.output_files import require_writable
from components.served_model.folder import ModelFolder, open_model
from components.served_model.window_options import WindowOptions
from components.submission_gen.metrics import LabelledScore, labelled_figures
from components.submission_gen.row_files import require_known_format, write_rows
from components.submission_gen.rows import Row
from components.submission_gen.submission import (
    Submission,
    fill,
    named_videos,
    read_sample,
    require_distinct,
    write_submission,
)
from components.video_decoding.decoding_limits import MEMORY_MB, TIMEOUT_S
from pipeline.inputs.label_matching import KnownLabels, beside, match_labels
from pipeline.inputs.labels import labels_beside, read_labels
from pipeline.inputs.paths import find_videos
from pipeline.inputs.reachable import require_reachable
from pipeline.runs.pushed_models import choose_model
from pipeline.score.videos import extraction_settings, score_videos
from pipeline.terminal import scores as terminal
from pipeline.terminal.console import Console, loading, print_fields, status


@dataclasses.dataclass(frozen=True)
class ScoreRequest:
    """The arguments of `deepfake score`; an empty string stands for an option that was not used."""

    paths: Sequence[str]
    model: str
    out: str
    explain: str
    gif: str
    submission: str
    like: str
    prior: float
    clip: float
    windows: WindowOptions
    labels: str
    face_model: str
    workers: int
    beam_args: Sequence[str]
    cache_dir: str
    runs_dir: str
    timeout_s: float = TIMEOUT_S
    memory_mb: int = MEMORY_MB


def answer_request(request: ScoreRequest, console: Console) -> bool:
    """Scores, prints and writes; returns whether every requested video could be scored.

    Raises:
        UserError: for everything in the request that cannot be done, before any video is opened.
    """
    if request.out:
        require_known_format(request.out)
    outputs = {f"--{option}": getattr(request, option) for option in ("out", "explain", "gif", "submission")}
    require_reachable({"--cache-dir": request.cache_dir, **outputs})
    for option, path in outputs.items():
        if path:
            require_writable(option, path)
    model = open_model(choose_model(request.model, request.runs_dir))
    videos = find_videos(request.paths)
    for option in ("explain", "gif"):
        if (target := getattr(request, option)) and len(videos) != 1:
            raise UserError(f"--{option} {target}: {len(videos)} videos are given; give one")
    names = read_sample(request.like) if request.like else []
    require_distinct(names, videos)
    known = _known_labels(request, videos, names, console)
    settings = extraction_settings(
        model,
        cache_dir=request.cache_dir,
        face_model=request.face_model,
        windowing=request.windows.windowing(model),
        timeout_s=request.timeout_s,
        memory_mb=request.memory_mb,
    )
    print_fields({"model": model.path}, console)
    with loading("TensorFlow", console):
        # Here, where it is told.
        import tensorflow  # noqa: F401

    with status(f"0 of {len(videos):,} videos", console) as report_progress:
        rows = score_videos(
            videos,
            model,
            settings,
            workers=request.workers,
            beam_args=request.beam_args,
            groups={uri: truth.group for uri, truth in known.by_uri.items() if truth.related},
            report_progress=report_progress,
        )

    # The rows first, before anything else can fail.
    if request.out:
        write_rows(request.out, rows)
    filled = fill(names, rows, prior=request.prior, clip=request.clip) if names else None
    if filled:
        write_submission(request.submission, filled)
    if len(rows) == 1 and not filled:
        terminal.print_video(rows[0], model, console)
    else:
        terminal.print_videos(rows, model, console, all_in=request.out or "--out FILE")
    if filled:
        terminal.print_submission(request.submission, filled, request.prior, console)
    _print_metrics(rows, filled, known, model, console)
    if request.out:
        print_fields({"rows": request.out}, console)
    if request.explain and rows[0].frames:
        from pipeline.score.explain.page import write_explanation

        with status("asking again with parts of the frames covered", console):
            write_explanation(request.explain, rows[0], model, settings)
        print_fields({"explained": request.explain}, console)
    if request.gif and rows[0].frames:
        from pipeline.score.explain.gif import write_gif

        write_gif(request.gif, rows[0], settings)
        print_fields({"gif": request.gif}, console)
    return all(row.probability is not None for row in rows) and not (filled and filled.missing)


def _known_labels(request: ScoreRequest, videos: Sequence[str], names: Sequence[str], console: Console) -> KnownLabels:
    def tell(line: str) -> None:
        print_fields({"labels": line}, console)

    if not request.labels:
        try:
            labels = labels_beside(request.paths)
        except UserError as error:
            # The user did not ask for these labels, and scoring does not need them.
            tell(f"not used: {error}")
            labels = {}
        return beside(labels, videos, tell)
    labels = read_labels(request.labels, tell)
    folders = [path for path in request.paths if storage.isdir(path)]
    known = match_labels(labels, videos, path=request.labels, folders=folders, tell=tell)
    if not known.by_uri and not known.by_name(names, {}):
        raise UserError(
            f"--labels {request.labels}: none of its names, such as {show(next(iter(labels)))}, means one of the videos"
            "; write paths relative to its folder, or plain file names that one video alone has"
        )
    return known


def _print_metrics(
    rows: Sequence[Row], filled: Submission | None, known: KnownLabels, model: ModelFolder, console: Console
) -> None:
    """Prints the metrics of the submission, including filled values; without one, of the scored videos."""
    in_training = {row.uri for row in rows if row.in_training == "true"}
    if filled:
        # Includes videos that are listed but missing.
        video_of = named_videos(filled.values, [row.uri for row in rows])
        truths = known.by_name(filled.values, video_of)
        scored = [
            LabelledScore(truths[name], value, known=video_of.get(name) in in_training)
            for name, value in filled.values.items()
            if name in truths
        ]
        left_out = 0
    else:
        labelled = [(row, known.by_uri[row.uri]) for row in rows if row.uri in known.by_uri]
        scored = [
            LabelledScore(truth, row.probability, known=row.uri in in_training)
            for row, truth in labelled
            if row.probability is not None
        ]
        left_out = len(labelled) - len(scored)
    if figures := labelled_figures(scored, left_out, model.description.decision_rule):
        console.print()
        terminal.print_figures(figures, console)
