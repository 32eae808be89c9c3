"""The table of nodes is updated from the log."""

import io
import logging

from absl import logging as absl_logging
from rich.console import Console

from components.node_progress import report_progress
from pipeline.terminal.nodes import NodeTable, shown


def runner_says(message: str, node: str) -> None:
    record = logging.LogRecord("absl", logging.INFO, "local_dag_runner.py", 1, message, (node,), None)
    absl_logging.get_absl_logger().handle(record)


def test_progress_is_shown_by_the_node_that_runs_and_no_line_is_printed_for_it():
    absl_logging.set_verbosity(absl_logging.INFO)
    out = io.StringIO()
    console = Console(file=out, width=200)
    counts = {"Transform": "train 12", "Trainer": ""}
    table = NodeTable(list(counts), lambda node: ("done", counts[node]), console)
    with shown(table, console):
        for node in counts:
            runner_says("Component %s is running.", node)
            for epoch in range(1, 60):
                report_progress(f"epoch {epoch} of 60")
            assert table.rows[node].records == "epoch 59 of 60"
            runner_says("Component %s is finished.", node)
    assert table.rows["Transform"].records == "train 12"
    assert table.rows["Trainer"].records == "epoch 59 of 60"
    assert len(out.getvalue().splitlines()) == 2
    assert "epoch 59 of 60" in out.getvalue()
