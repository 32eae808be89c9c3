"""Compiles a pipeline, submits it to an engine and follows its run."""

import contextlib
import logging
import warnings
from collections.abc import Iterator

from components.errors import UserError
from components.redaction import redact_address
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.runners import compile_for
from pipeline.submission.errors import unknown_outcome
from pipeline.submission.progress import follow, print_end
from pipeline.submission.request import describe
from pipeline.terminal.console import Console, print_document, status
from pipeline.terminal.log import log_to_file


class InterruptedSubmissionError(Exception):
    """Ctrl-C; its text says what is known of the pipeline."""


def submit(
    target: str,
    config: TrainingConfig | ScoringConfig,
    console: Console,
    *,
    job_id: str = "",
    dry_run: bool = False,
    wait: bool = False,
) -> bool:
    """Compiles the config's DAG, sends it to `vertex` or `kubeflow`, and prints the outcome on `console`.

    Args:
        target: the engine.
        config: the run.
        console: the terminal.
        job_id: replaces the id derived from what is sent.
        dry_run: print what would be sent, without credentials or network.
        wait: follow the run to its end, printing a line for each change of a node.

    Returns:
        False for a run that failed.

    Raises:
        UserError: if something must be corrected before the engine can accept the pipeline.
        ServiceError: if the engine failed or did not answer.
        InterruptedSubmissionError: on Ctrl-C, once the engine is asked.
    """
    with log_to_file() as terminal, status("loading TFX, and compiling the pipeline", terminal):
        text = compile_for(target, config)
    # Imported late: compiling loads their libraries anyway.
    if target == "vertex":
        from pipeline.submission.vertex import prepare_for_vertex as prepare
    else:
        from pipeline.submission.kubeflow import prepare_for_kubeflow as prepare

    submission = prepare(config, text, job_id)
    if wait and submission.scheduled:
        raise UserError(f"--wait: {target}.schedule is set, and a schedule has no end; leave one of them out")
    if dry_run:
        print_document(describe(submission, text), console)
        return True
    outcome = unknown_outcome(submission.name)
    with _quiet_libraries():
        try:
            accepted = submission.send()
            page = redact_address(accepted.url)
            outcome = f"{submission.name} goes on: {page}"
            console.print(f"{submission.name} submitted: {page}")
            if not wait or accepted.read is None:
                return True
            return print_end(follow(accepted.read, outcome, console), submission.name, page, console)
        except KeyboardInterrupt:
            raise InterruptedSubmissionError(outcome) from None


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Silences the clients' warnings and logs about retries; errors are reported by us."""
    loggers = [logging.getLogger(name) for name in ("google", "kfp_server_api", "urllib3")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(google|kfp|kfp_server_api)\b")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
