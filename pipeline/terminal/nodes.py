"""The table of nodes shown during a local run."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence

from absl import logging as absl_logging
from rich.table import Table

from components.node_progress import PROGRESS_LOGGER
from pipeline.runs.nodes import NodeRow
from pipeline.terminal.console import Console, as_text, live
from pipeline.terminal.table import Column, Shrink, make_table

_PROGRESS = logging.getLogger(PROGRESS_LOGGER)
_STYLES = {"waiting": "dim", "running": "yellow", "done": "green", "cached": "cyan", "failed": "red"}
_COLUMNS = (
    Column("node"),
    Column("state"),
    Column("time", right=True),
    Column("videos", shrinks=Shrink.WRAP),
)


class NodeTable:
    """The nodes' states, updated from the runner's log."""

    def __init__(self, nodes: Sequence[str], outcome: Callable[[str], tuple[str, str]], console: Console) -> None:
        """Creates a table in which all nodes are waiting.

        Args:
            nodes: ids of the nodes, in order.
            outcome: returns a finished node's state and its numbers of records as text.
            console: where to print a line per node if it is not a terminal.
        """
        self.rows = {node: NodeRow(node) for node in nodes}
        self._outcome = outcome
        self._console = console

    def start(self, node: str) -> None:
        """Marks the node as running."""
        row = self.rows[node]
        row.state, row.started = "running", time.monotonic()

    def report_progress(self, progress: str) -> None:
        """Sets the progress of the running node."""
        for row in self.rows.values():
            if row.state == "running":
                row.records = progress

    def finish(self, node: str) -> None:
        """Marks the node as finished."""
        row = self.rows[node]
        row.seconds = time.monotonic() - (row.started or time.monotonic())
        row.state, records = self._outcome(node)
        # Keep the last progress of a node that has no count.
        row.records = records or row.records
        if not self._console.is_terminal:
            self._console.print(as_text(f"{node:<20} {row.state:<8} {row.seconds:7.1f} s  {row.records}"))

    def fail(self) -> str | None:
        """Marks the running node as failed, and returns its id; None if no node is running."""
        for row in self.rows.values():
            if row.state == "running":
                row.state = "failed"
                row.seconds = time.monotonic() - (row.started or time.monotonic())
                return row.node
        return None

    def render(self) -> Table:
        """Returns the table in its current state."""
        rows = []
        for row in self.rows.values():
            seconds = row.seconds
            if row.state == "running" and row.started is not None:
                seconds = time.monotonic() - row.started
            elapsed = "" if seconds is None else f"{seconds:.1f} s"
            rows.append((row.node, as_text((row.state, _STYLES.get(row.state, ""))), elapsed, row.records))
        return make_table(_COLUMNS, rows)


@contextlib.contextmanager
def shown(table: NodeTable, console: Console) -> Iterator[None]:
    """Shows the table for the duration of the context, following LocalDagRunner's log."""
    handlers = {absl_logging.get_absl_logger(): _RunnerLogHandler(table), _PROGRESS: _ProgressHandler(table)}
    for logger, handler in handlers.items():
        logger.addHandler(handler)
    try:
        if console.is_terminal:
            with live(table.render, console):
                yield
        else:
            yield
    finally:
        for logger, handler in handlers.items():
            logger.removeHandler(handler)


class _ProgressHandler(logging.Handler):
    def __init__(self, table: NodeTable) -> None:
        super().__init__()
        self._table = table

    def emit(self, record: logging.LogRecord) -> None:
        self._table.report_progress(record.getMessage())


class _RunnerLogHandler(logging.Handler):
    # LocalDagRunner has no hooks for the start and end of a node; its log lines are the same in TFX 1.16 and 1.21.

    def __init__(self, table: NodeTable) -> None:
        super().__init__()
        self._table = table

    def emit(self, record: logging.LogRecord) -> None:
        if record.module != "local_dag_runner":
            return
        if record.msg == "Component %s is running.":
            self._table.start(str(record.args[0]))  # type: ignore[index]
        elif record.msg == "Component %s is finished.":
            self._table.finish(str(record.args[0]))  # type: ignore[index]
