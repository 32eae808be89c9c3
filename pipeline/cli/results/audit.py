"""`deepfake audit`: audits a finished run."""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from components.auditor.names import AUDITS, AUDITS_FILE
from components.errors import UserError
from components.output_files import require_writable
from pipeline.cli.options import RunsDir
from pipeline.runs.folders import find_run_folder
from pipeline.runs.locking.run_lock import held
from pipeline.runs.locking.temporary_folder import own_temporary_files
from pipeline.terminal.console import loading, print_fields, status
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from components.auditor.settings import AuditSettings

_UNSEEN = "unseen"


def audit(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A finished run: its name, or its folder.")],
    only: Annotated[list[str], typer.Option(help=f"Of {', '.join(AUDITS)}; may be repeated.")] = [],  # noqa: B006
    unseen_by: Annotated[str, typer.Option(help="meta/<column> whose kinds of fakes are held out in turn.")] = "",
    sources_by: Annotated[
        str, typer.Option(help="folder or meta/<column> whose sources, real and fake, are held out in turn.")
    ] = "",
    max_videos: Annotated[int, typer.Option(help="Of more, whole groups are drawn.")] = 4000,
    robustness_videos: Annotated[
        int, typer.Option(help="Of more videos of the test split, robustness draws whole groups.")
    ] = 200,
    runs_dir: RunsDir = "runs",
) -> None:
    """Tells whether a run's figures can be believed; trains its model anew, so it takes about ten trainings."""
    names = only or [name for name in AUDITS if name != _UNSEEN or unseen_by or sources_by]
    settings = _settings(
        names,
        unseen_by=unseen_by,
        sources_by=sources_by,
        max_videos=max_videos,
        robustness_videos=robustness_videos,
    )
    run_dir = find_run_folder(run, runs_dir)
    if run_dir is None:
        where = run if os.path.isdir(run) else os.path.join(runs_dir, run)
        raise UserError(f"{where}: no run is there; type `ls {runs_dir}` for the runs that there are")
    path = os.path.join(run_dir, AUDITS_FILE)
    require_writable("audits", path)
    log = os.path.join(run_dir, "audit.log")
    with log_to_file(log) as console, held(run_dir, "deepfake audit"), own_temporary_files():
        with loading("TFX and TensorFlow", console):
            from pipeline.runs.artifacts import frame_features_and_model, video_files

            file_patterns, model_path = frame_features_and_model(run_dir)
            from components.auditor.audits import run_audits
            from components.auditor.finding import merge_audits, read_audits, write_audits
            from components.auditor.rescoring import VideoFiles
            from pipeline.terminal.training import print_audit, print_measurements

        with status("reading the features", console) as report_progress:
            files = VideoFiles(**video_files(run_dir))
            audits = run_audits(file_patterns, model_path, settings, report_progress=report_progress, files=files)
        for each in audits:
            print_audit(each, console)
        console.print()
        print_measurements(audits, console)
        kept = merge_audits(read_audits(run_dir) if os.path.isfile(path) else [], audits)
        write_audits(run_dir, kept)
        console.print()
        print_fields({"audits": path}, console, width=7)


def _settings(names: list[str], **settings: Any) -> "AuditSettings":
    import pydantic

    from components.auditor.settings import AuditSettings

    try:
        return AuditSettings(names=tuple(names), **settings)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "audit"
        raise UserError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from error
