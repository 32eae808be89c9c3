"""`deepfake run`: runs a pipeline on this machine."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from components.errors import UserError
from components.imports import without_collections
from components.redaction import hide
from pipeline.cli.exit_codes import ExitCode
from pipeline.cli.interrupts import interruptible
from pipeline.cli.options import PipelineName, Set, Which
from pipeline.runners.beam.args import find_secrets
from pipeline.runners.failure import NodeFailedError
from pipeline.runners.launching.machine import require_machine
from pipeline.runs.folders import store_path
from pipeline.runs.locking.run_lock import held
from pipeline.runs.locking.temporary_folder import own_temporary_files
from pipeline.runs.store_file.opening import require_store
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from pipeline.config.base import PipelineConfig
    from pipeline.config.sources.overrides import Given


def run(
    context: typer.Context,
    config: Annotated[
        str | None, typer.Option(help="A YAML file, or the name of one that comes with the package.")
    ] = None,
    data_root: Annotated[str | None, typer.Option(help="Stands for data.root of the config.")] = None,
    name: Annotated[str | None, typer.Option(help="Stands for name of the config.")] = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
) -> None:
    """Trains, evaluates and pushes, or scores, on this machine; what is done already is taken from the cache."""
    from pipeline.config.sources.overrides import Given, redact_command

    options = [("--name", "name", name), ("--data-root", "data.root", data_root)]
    given = [Given(option, key, value) for option, key, value in options if value is not None]
    if pipeline is PipelineName.SCORING:
        start, source = _score, config or pipeline.value
    elif config:
        start, source = _train, config
    else:
        raise UserError("--config is missing; type e.g. --config demo, or a YAML file of your own")
    raise typer.Exit(
        start(
            source,
            [*given, *settings],
            command=shlex.join(["deepfake", *redact_command(sys.argv[1:])]),
            debug=context.obj,
        )
    )


def _train(source: str, settings: "Sequence[str | Given]", *, command: str, debug: bool) -> ExitCode:
    """Trains, evaluates and pushes; a model that is not blessed is a failure."""
    from pipeline.config.load import load_config

    config = load_config(source, settings)
    config.require_usable_root()

    def run_nodes(console: Console) -> ExitCode:
        from pipeline.inputs.training import pin_inputs

        pinned = pin_inputs(config)
        with without_collections():
            from pipeline.runners.local import run_locally
            from pipeline.runs.training_result import collect_result, write_summary
            from pipeline.terminal.training import print_result

        result = collect_result(pinned, run_locally(pinned, console))
        print_result(result, write_summary(result, config.run_dir), console)
        return ExitCode.DONE if result.blessed else ExitCode.FAILED

    return _run(config, run_nodes, command, debug=debug)


def _score(source: str, settings: "Sequence[str | Given]", *, command: str, debug: bool) -> ExitCode:
    """Scores; drift is a failure if `drift.fail` is set."""
    from pipeline.config.load import load_config
    from pipeline.config.scoring import ScoringConfig

    config = load_config(source, settings, ScoringConfig)
    config.require_usable_root()

    def run_nodes(console: Console) -> ExitCode:
        from pipeline.inputs.scoring import pin_scoring_inputs

        pinned = pin_scoring_inputs(config, console.print)
        with without_collections():
            from pipeline.runners.local import run_locally
            from pipeline.runs.scoring_result import collect_scores
            from pipeline.runs.training_result import write_summary
            from pipeline.terminal.scoring import print_scores

        result = collect_scores(pinned, run_locally(pinned, console))
        print_scores(result, config.submission.prior, write_summary(result, config.run_dir), console)
        if config.drift.fail and result.drift.drifted:
            console.print(f"failed by drift.fail: {', '.join(result.drift.drifted)}")
            return ExitCode.FAILED
        return ExitCode.DONE if result.complete else ExitCode.SOME_VIDEOS_UNUSABLE

    return _run(config, run_nodes, command, debug=debug)


def _run(config: "PipelineConfig", run_nodes: Callable[[Console], ExitCode], command: str, *, debug: bool) -> ExitCode:
    """Runs with a log; `command` is shown to resume the run, `debug` keeps the traceback of a failed node."""
    require_machine()
    log = os.path.join(config.run_dir, "run.log")
    secrets = find_secrets(config.beam_args)
    with log_to_file(log, secrets) as console, held(config.run_dir, "deepfake run"), own_temporary_files():
        try:
            with interruptible(console, f"resume with: {command}"):
                require_store(store_path(config.run_dir), to_write=True)
                console.print(f"run {config.name} in {config.run_dir}; loading TFX")
                return run_nodes(console)
        except NodeFailedError as error:
            if debug:
                raise
            console.print(as_text((error.node, "red"), " failed: ", hide(error.reason, secrets)))
            for line in error.details:
                console.print(hide(line, secrets))
            print_fields({"log": log, "resume": command}, console, width=7)
            return ExitCode.USER_ERROR if error.users_fault else ExitCode.FAILED
