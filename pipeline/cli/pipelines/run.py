"""A run on this machine, from its command to its exit code."""

import os
from collections.abc import Callable, Sequence

import typer

from components.errors import UserError
from components.redaction import hide
from pipeline.cli.models.score import SOME_UNSCORED
from pipeline.config.base import PipelineConfig
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sources.overrides import Given
from pipeline.runners.beam.args import secrets_in
from pipeline.runners.failure import NodeFailedError
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.log import interrupts_noted, log_to_file


def train(source: str, settings: Sequence[str | Given], *, command: str, debug: bool) -> int:
    """Trains, evaluates and pushes; gives 0 for a blessed model and 1 for another.

    Args:
        source: of the config, as `load_config` takes it.
        settings: that overrule keys of it.
        command: that goes on with the run, as it was typed.
        debug: whether errors keep their traceback.

    Raises:
        UserError: for what must be corrected before anything runs.
    """
    config = load_config(source, settings)
    config.require_plain_places()

    def run(console: Console) -> int:
        from pipeline.inputs.training import pin_inputs

        pinned = pin_inputs(config)
        from pipeline.runners.local import run_locally
        from pipeline.runs.training_result import collect_result, write_summary
        from pipeline.terminal.training import print_result

        result = collect_result(pinned, run_locally(pinned, console))
        print_result(result, write_summary(result, config.run_dir), console)
        return 0 if result.blessed else 1

    return _run(config, run, command, debug=debug)


def score(source: str, settings: Sequence[str | Given], *, command: str, debug: bool) -> int:
    """Scores; gives 0 where every video has a score, 3 where some have none, 1 for drift that is to fail the run.

    The arguments and errors are those of `train`.
    """
    config = load_config(source, settings, ScoringConfig)
    config.require_plain_places()

    def run(console: Console) -> int:
        from pipeline.inputs.scoring import pin_scoring_inputs

        pinned = pin_scoring_inputs(config, console.print)
        from pipeline.runners.local import run_locally
        from pipeline.runs.scoring_result import collect_scores
        from pipeline.runs.training_result import write_summary
        from pipeline.terminal.scoring import print_scores

        result = collect_scores(pinned, run_locally(pinned, console))
        print_scores(result, config.submission.prior, write_summary(result, config.run_dir), console)
        if config.drift.fail and result.drift.drifted:
            console.print(f"failed by drift.fail: {', '.join(result.drift.drifted)}")
            return 1
        return 0 if result.complete else SOME_UNSCORED

    return _run(config, run, command, debug=debug)


def _run(config: PipelineConfig, run: Callable[[Console], int], command: str, *, debug: bool) -> int:
    log = os.path.join(config.run_dir, "run.log")
    secrets = secrets_in(config.beam_args)
    with log_to_file(log, secrets) as console, interrupts_noted() as interrupts:
        console.print(f"run {config.name} in {config.run_dir}; loading TFX")
        try:
            return run(console)
        except (Exception, KeyboardInterrupt) as error:
            if interrupts:
                console.print(f"interrupted; resume with: {command}")
                raise typer.Exit(130) from None
            if debug or not isinstance(error, NodeFailedError):
                raise
            console.print(as_text((error.node, "red"), " failed: ", hide(error.reason, secrets)))
            for line in error.details:
                console.print(hide(line, secrets))
            print_fields({"log": log, "resume": command}, console, width=7)
            return 2 if isinstance(error.__cause__, UserError) else 1
