"""Follows a remote run: prints a line for each change of a node, and how the run ended."""

import dataclasses
import datetime
import itertools
import time
from collections.abc import Callable, Sequence

from components.errors import UserError
from pipeline.submission.errors import ServiceError, UnreachableError
from pipeline.terminal.console import Console, as_text

WAITING, RUNNING, FAILED, DONE = "waiting", "running", "failed", "done"
_PAUSES_S = (1, 2, 4, 8)
_MAX_PAUSE_S = 15


@dataclasses.dataclass(frozen=True)
class NodeState:
    """A node's state on the engine: waiting, running, done, cached, skipped, cancelled or failed."""

    node: str
    state: str
    seconds: float | None = None
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class RunState:
    """A run's state on the engine: running, done, cancelled or failed."""

    state: str
    nodes: Sequence[NodeState]
    reason: str = ""


def follow(read: Callable[[], RunState], outcome: str, console: Console, *, failures_allowed: int = 20) -> RunState:
    """Polls the run's state until it has ended, and prints what changes.

    Args:
        read: asks the engine for the state.
        outcome: what to say about the run if the engine can no longer be reached.
        console: where to print the lines.
        failures_allowed: how many consecutive attempts may fail for lack of a connection or an answer; 20 take about
            five minutes.

    Raises:
        UserError, ServiceError: if the engine can no longer be asked.
    """
    shown: dict[str, str] = {}
    failures = 0
    for pause in itertools.chain(_PAUSES_S, itertools.repeat(_MAX_PAUSE_S)):
        try:
            run = read()
        except (ServiceError, UserError) as error:
            failures += 1
            if failures > failures_allowed or not isinstance(error, ServiceError | UnreachableError):
                raise type(error)(f"{error}; {outcome}") from error
        else:
            failures = 0
            for node in run.nodes:
                if shown.get(node.node, WAITING) != node.state:
                    shown[node.node] = node.state
                    _print_node(node, console)
            if run.state != RUNNING:
                return run
        time.sleep(pause)
    raise AssertionError("the pauses have no end")


def print_end(run: RunState, name: str, url: str, console: Console) -> bool:
    """Prints how the run ended, and returns whether it succeeded."""
    failed = next((node for node in run.nodes if node.state == FAILED), None)
    if failed:
        reason = failed.reason or run.reason or "see its log"
        console.print(as_text((failed.node, "red"), " failed: ", reason), soft_wrap=True)
    elif run.reason:
        console.print(as_text(run.reason), soft_wrap=True)
    console.print(as_text(f"{name} {run.state}: {url}"), soft_wrap=True)
    return run.state == DONE


def elapsed(start: datetime.datetime | None, end: datetime.datetime | None) -> float | None:
    """Returns the seconds between two times; None unless both are known."""
    return (end - start).total_seconds() if start and end else None


def _print_node(node: NodeState, console: Console) -> None:
    seconds = "" if node.seconds is None else f"{node.seconds:7.1f} s"
    console.print(as_text(f"{node.node:<20} {node.state:<9} {seconds}".rstrip()), soft_wrap=True)
