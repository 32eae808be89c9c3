"""`deepfake check`: checks whether a data set can be used."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.options import Json, Set
from pipeline.terminal.console import Console, loading, print_json, progress
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from components.dataset.health_report import HealthReport
    from components.dataset.sources import Dataset
    from components.frame_feature_gen.cost import Estimate
    from pipeline.config.training import TrainingConfig

# A video in a bucket must be downloaded to be opened.
_REMOTE_LIMIT = 50


def check(
    data_root: Annotated[
        str, typer.Argument(help="Folder of the videos, with metadata.json, or with folders that have one.")
    ],
    config: Annotated[str, typer.Option(help="Config whose splits and limits are meant.")] = "dfdc",
    limit: Annotated[int | None, typer.Option(min=0, help="Open at most that many videos, evenly spaced.")] = None,
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
        code = check_dataset(data_root, loaded, console, limit=limit, as_json=json, with_estimate=estimate)
    raise typer.Exit(code)


def check_dataset(
    data_root: str,
    config: "TrainingConfig",
    console: Console,
    *,
    limit: int | None = None,
    as_json: bool = False,
    with_estimate: bool = False,
) -> ExitCode:
    """Examines a data set and prints what it finds.

    Args:
        data_root: folder or bucket of the videos.
        config: provides the manifest, if there is one, the splits and the largest share of videos that a run may lose.
        console: where to print.
        limit: the most videos to open, evenly spaced over the data set; None for all, or for 50 in a bucket.
        as_json: print one JSON object instead of tables.
        with_estimate: tell also what the extraction will take, unless a run would fail.

    Returns:
        `USER_ERROR` if a run would fail.

    Raises:
        UserError: if metadata.json or the manifest is invalid.
    """
    dataset, report = examine_dataset(data_root, config, console, limit=limit, shown=not as_json)
    estimate = None
    if with_estimate and not report.problems:
        estimate = _estimate(dataset, report, config, console, shown=not as_json)
    from pipeline.terminal.health import render, to_json

    if as_json:
        print_json(to_json(report, estimate), console, indent=2)
    else:
        render(report, console, estimate)
    return ExitCode.USER_ERROR if report.problems else ExitCode.DONE


def examine_dataset(
    data_root: str, config: "TrainingConfig", console: Console, *, limit: int | None = None, shown: bool = True
) -> "tuple[Dataset, HealthReport]":
    """Reads and examines a data set as `check_dataset` does, and shows the progress only, if at all."""
    from components.dataset.sources import read_dataset
    from components.dataset.splitting.pins import read_pins
    from components.uris import is_remote

    rules = config.split.rules
    pins = read_pins(config.split.pin, rules.names) if config.split.pin else None
    dataset = read_dataset(data_root, config.data.manifest, rules)
    with loading("OpenCV and PyAV", console, shown=shown):
        from components.dataset.health import examine

    with progress("opening videos", console, shown=shown) as report_progress:
        report = examine(
            dataset,
            rules,
            config.data.max_quarantine_ratio,
            pins=pins,
            limit=_REMOTE_LIMIT if limit is None and is_remote(data_root) else limit,
            progress=report_progress,
        )
    return dataset, report


def _estimate(
    dataset: "Dataset", report: "HealthReport", config: "TrainingConfig", console: Console, *, shown: bool
) -> "Estimate":
    from pipeline.extraction.estimate.estimate import estimate_extraction

    unreadable = {uri for uris in report.unreadable.values() for uri in uris}
    usable = [uri for uri in dataset.uris(dataset.present) if uri not in unreadable]
    with loading("TensorFlow and decoding a few videos, to estimate the run", console, shown=shown):
        return estimate_extraction(
            usable,
            config,
            dataset.data_root,
            train=report.usable["train"],
            tested=sum(report.usable["test"].values()),
        )
