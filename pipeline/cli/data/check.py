"""`deepfake check`: checks whether a data set can be used."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.options import Json, Set
from pipeline.terminal.console import Console, loading, print_json, progress
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from components.dataset.health_report import HealthReport
    from components.dataset.metadata import Dataset
    from components.frame_feature_gen.cost import Estimate
    from pipeline.config.training import TrainingConfig

# A video in a bucket must be downloaded to be opened.
_REMOTE_LIMIT = 50


def check(
    data_root: Annotated[str, typer.Argument(help="Folder with metadata.json, or with folders that have one.")],
    config: Annotated[str, typer.Option(help="Config whose splits and limits are meant.")] = "dfdc",
    settings: Set = [],  # noqa: B006 (typer copies it)
    estimate: Annotated[
        bool, typer.Option(help="Decode and encode a little, to tell what the extraction will take; 10 s at most.")
    ] = True,
    json: Json = False,
) -> None:
    """Tells whether a data set can be used, without running anything. Exit code 2 if a run would fail."""
    from pipeline.config.load import load_config

    loaded = load_config(config, settings)
    with log_to_file() as console:
        code = check_dataset(data_root, loaded, console, as_json=json, with_estimate=estimate)
    raise typer.Exit(code)


def check_dataset(
    data_root: str,
    config: "TrainingConfig",
    console: Console,
    *,
    as_json: bool = False,
    with_estimate: bool = False,
) -> ExitCode:
    """Examines a data set and prints what it finds.

    In a bucket, only an evenly spaced sample of the videos is opened.

    Args:
        data_root: folder or bucket with metadata.json, or with subfolders that each have one.
        config: provides the splits and the largest share of videos that a run may lose.
        console: where to print.
        as_json: print one JSON object instead of tables.
        with_estimate: tell also what the extraction will take, unless a run would fail.

    Returns:
        `USER_ERROR` if a run would fail.

    Raises:
        UserError: if metadata.json is invalid.
    """
    from components.dataset.metadata import read_dataset
    from components.uris import is_remote

    dataset = read_dataset(data_root)
    with loading("OpenCV and PyAV", console, shown=not as_json):
        from components.dataset.health import examine
        from pipeline.terminal.health import render, to_json

    with progress("opening videos", console, shown=not as_json) as report_progress:
        report = examine(
            dataset,
            config.split.ratios,
            config.split.group_by,
            config.data.max_quarantine_ratio,
            limit=_REMOTE_LIMIT if is_remote(data_root) else None,
            progress=report_progress,
        )
    estimate = None
    if with_estimate and not report.problems:
        estimate = _estimate(dataset, report, config, console, shown=not as_json)
    if as_json:
        print_json(to_json(report, estimate), console, indent=2)
    else:
        render(report, console, estimate)
    return ExitCode.USER_ERROR if report.problems else ExitCode.DONE


def _estimate(
    dataset: "Dataset", report: "HealthReport", config: "TrainingConfig", console: Console, *, shown: bool
) -> "Estimate":
    from components.features import REAL
    from pipeline.extraction.estimate.estimate import estimate_extraction

    unreadable = {uri for uris in report.unreadable.values() for uri in uris}
    usable = [entry.uri for entry in dataset.present if entry.uri not in unreadable]
    with loading("TensorFlow and decoding a few videos, to estimate the run", console, shown=shown):
        return estimate_extraction(
            usable,
            config,
            dataset.data_root,
            real_train=report.usable["train"][REAL],
            tested=sum(report.usable["test"].values()),
        )
