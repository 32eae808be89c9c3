"""The table of nodes that a local run shows while it goes on."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence

from absl import logging as absl_logging
from rich.table import Table

from components.node_progress import PROGRESS_LOGGER
from pipeline.runs.nodes import NodeRow
from pipeline.terminal.console import Console, as_text, live
from pipeline.terminal.table import Column, GivesWay, make_table

_PROGRESS = logging.getLogger(PROGRESS_LOGGER)
_STYLES = {"waiting": "dim", "running": "yellow", "done": "green", "cached": "cyan", "failed": "red"}
_COLUMNS = (
    Column("node"),
    Column("state"),
    Column("time", right=True),
    Column("videos", gives_way=GivesWay.BY_WRAPPING),
)


class NodeTable:
    """The nodes' states, told by the runner's log."""

    def __init__(self, nodes: Sequence[str], outcome: Callable[[str], tuple[str, str]], console: Console) -> None:
        """Makes a table in which all nodes wait.

        Args:
            nodes: their ids, in order.
            outcome: gives a finished node's state and its count of records.
            console: where lines go if it is no terminal.
        """
        self.rows = {node: NodeRow(node) for node in nodes}
        self._outcome = outcome
        self._console = console

    def start(self, node: str) -> None:
        """The node runs now."""
        row = self.rows[node]
        row.state, row.started = "running", time.monotonic()

    def report_progress(self, progress: str) -> None:
        """The node that runs now says how far it is."""
        for row in self.rows.values():
            if row.state == "running":
                row.records = progress

    def finish(self, node: str) -> None:
        """The node has ended."""
        row = self.rows[node]
        row.seconds = time.monotonic() - (row.started or time.monotonic())
        row.state, records = self._outcome(node)
        # What a node said last is worth keeping where it has no count.
        row.records = records or row.records
        if not self._console.is_terminal:
            self._console.print(as_text(f"{node:<20} {row.state:<8} {row.seconds:7.1f} s  {row.records}"))

    def fail(self) -> str | None:
        """The run has ended within a node, whose id is given."""
        for row in self.rows.values():
            if row.state == "running":
                row.state = "failed"
                row.seconds = time.monotonic() - (row.started or time.monotonic())
                return row.node
        return None

    def render(self) -> Table:
        """The table as it is now."""
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
    """Shows the table as long as the context lives, following LocalDagRunner's log."""
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
    # LocalDagRunner has no hook for the start and the end of a node; its log lines are the same in TFX 1.16 and 1.21.

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
