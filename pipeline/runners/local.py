"""Runs the training DAG on this machine with LocalDagRunner."""

import os

from absl import logging as absl_logging
from rich.console import Console
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import sqlite_metadata_connection_config

from components.errors import UserError
from pipeline.config import Config
from pipeline.node_table import NodeTable, shown
from pipeline.run_folders import store_path
from pipeline.run_result import RunResult, collect_result, node_outcome
from pipeline.runners.beam_args import extraction_beam_args, node_beam_args
from pipeline.runners.memory import return_memory
from pipeline.store import connect
from pipeline.training import create_training_pipeline


class NodeFailedError(Exception):
    """A node of the run failed."""

    def __init__(self, node: str, cause: BaseException) -> None:
        lines = str(cause).strip().splitlines()
        self.node = node
        self.reason = lines[0] if lines else type(cause).__name__
        # Ours are written for people, and may hold a table; those of libraries may go on for pages.
        self.details = lines[1:] if isinstance(cause, UserError) else []
        super().__init__(f"{node} failed: {self.reason}")


def run_locally(config: Config, console: Console) -> RunResult:
    """Runs the pipeline, showing its nodes on `console`.

    Args:
        config: the run, its inputs pinned.
        console: the terminal, while everything else goes to the log.

    Raises:
        NodeFailedError: with what the node raised as its cause.
    """
    absl_logging.set_verbosity(absl_logging.INFO)
    store = store_path(config.run_dir)
    pipeline = create_training_pipeline(
        config,
        beam_pipeline_args=node_beam_args(config.beam_args),
        extraction_beam_args=extraction_beam_args(config.extraction.workers or os.cpu_count() or 1, config.beam_args),
        metadata_connection_config=sqlite_metadata_connection_config(store),
    )
    nodes = [component.id for component in pipeline.components]

    def finished(node: str) -> tuple[str, str]:
        return_memory()
        return node_outcome(connect(store), config.name, node)

    table = NodeTable(nodes, finished, console)
    with shown(table, console):
        try:
            LocalDagRunner().run(pipeline)
        except Exception as error:
            raise NodeFailedError(table.fail() or "pipeline", error) from error
    return collect_result(connect(store), config, list(table.rows.values()))
