"""Runs the DAGs on this machine with LocalDagRunner."""

import contextlib
import ctypes
import gc
import os
from collections.abc import Iterator
from typing import Any

from absl import logging as absl_logging
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import sqlite_metadata_connection_config
from tfx.orchestration.pipeline import Pipeline

from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.dags.scoring import create_scoring_pipeline
from pipeline.dags.training import create_training_pipeline
from pipeline.runners.another_try import extraction_attempt
from pipeline.runners.beam.args import extraction_beam_args, from_environment, node_beam_args
from pipeline.runners.beam.local_files import match_folder_names_literally
from pipeline.runners.failure import NodeFailedError
from pipeline.runners.launching.own_folders import output_folders, use_own_folders_only
from pipeline.runners.launching.waiting_for_store import wait_for_locked_stores
from pipeline.runners.s3_for_tfx import register_s3
from pipeline.runners.whole_artifacts.local import whole_artifacts
from pipeline.runs.folders import store_path
from pipeline.runs.nodes import NodeRow, node_outcome
from pipeline.runs.store import connect
from pipeline.runs.store_file.execution_ids import start_above_folders
from pipeline.terminal.console import Console
from pipeline.terminal.nodes import NodeTable, shown


def run_locally(config: TrainingConfig | ScoringConfig, console: Console) -> list[NodeRow]:
    """Runs the config's DAG, showing its nodes on `console`; drift does not fail a node.

    Args:
        config: the config of the run, with pinned inputs.
        console: the terminal; everything else goes to the log.

    Returns:
        The outcome of each node; its outputs are in the run's store.

    Raises:
        NodeFailedError: with the node's exception as its cause.
        UserError: if the run's store is damaged, or locked for too long.
    """
    absl_logging.set_verbosity(absl_logging.INFO)
    register_s3()
    match_folder_names_literally()
    use_own_folders_only()
    wait_for_locked_stores()
    store = store_path(config.run_dir)
    pipeline = _create_pipeline(config, store, extraction_attempt(config, console))
    start_above_folders(store, output_folders(pipeline))

    def finished(node: str) -> tuple[str, str]:
        _return_memory()
        return node_outcome(connect(store), config.name, node)

    table = NodeTable([component.id for component in pipeline.components], finished, console)
    with shown(table, console), whole_artifacts(console.print), _libraries_left_out_of_collections():
        try:
            LocalDagRunner().run(pipeline)
        except Exception as error:
            raise NodeFailedError(table.fail() or "pipeline", error) from error
    return list(table.rows.values())


def _create_pipeline(config: TrainingConfig | ScoringConfig, store: str, attempt: str) -> Pipeline:
    beam_args = from_environment(config.beam_args)
    places: dict[str, Any] = {
        "beam_pipeline_args": node_beam_args(beam_args),
        "extraction_beam_args": extraction_beam_args(config.extraction.workers or os.cpu_count() or 1, beam_args),
        "extraction_attempt": attempt,
        "metadata_connection_config": sqlite_metadata_connection_config(store),
    }
    if isinstance(config, ScoringConfig):
        # The scores are shown even after drift; the command fails afterwards.
        drift = config.drift.model_copy(update={"fail": False})
        return create_scoring_pipeline(config.model_copy(update={"drift": drift}), **places)
    return create_training_pipeline(config, **places)


@contextlib.contextmanager
def _libraries_left_out_of_collections() -> Iterator[None]:
    """What is loaded already stays: looking through it after each node would take a tenth of a small run."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _return_memory() -> None:
    """Returns freed memory to the system; glibc keeps gigabytes after a node that ran a model."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
