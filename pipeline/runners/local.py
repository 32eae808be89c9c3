"""Runs the DAGs on this machine with LocalDagRunner."""

import os
from collections.abc import Callable
from typing import TypeVar

import ml_metadata as mlmd
from absl import logging as absl_logging
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import sqlite_metadata_connection_config
from tfx.orchestration.pipeline import Pipeline

from pipeline.config.base import PipelineConfig
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.dags.scoring import create_scoring_pipeline
from pipeline.dags.training import create_training_pipeline
from pipeline.runners.beam.args import extraction_beam_args, from_environment, node_beam_args
from pipeline.runners.beam.local_files import take_folders_literally
from pipeline.runners.failure import NodeFailedError
from pipeline.runners.memory import return_memory
from pipeline.runs.folders import store_path
from pipeline.runs.scoring_result import ScoringResult, collect_scores
from pipeline.runs.store import connect
from pipeline.runs.training_result import TrainingResult, collect_result, node_outcome
from pipeline.terminal.console import Console
from pipeline.terminal.nodes import NodeRow, NodeTable, shown

_Config = TypeVar("_Config", bound=PipelineConfig)


def run_locally(config: TrainingConfig, console: Console) -> TrainingResult:
    """Runs the training, showing its nodes on `console`.

    Args:
        config: the run, its inputs pinned.
        console: the terminal, while everything else goes to the log.

    Raises:
        NodeFailedError: with what the node raised as its cause.
    """
    return collect_result(*_run_nodes(create_training_pipeline, config, config.extraction.workers, console))


def score_locally(config: ScoringConfig, console: Console) -> ScoringResult:
    """Runs the scoring, as `run_locally`; drift fails no node of it."""
    drift = config.drift.model_copy(update={"fail": False})
    judged = config.model_copy(update={"drift": drift})
    return collect_scores(*_run_nodes(create_scoring_pipeline, judged, config.extraction.workers, console))


def _run_nodes(
    create: Callable[..., Pipeline], config: _Config, workers: int, console: Console
) -> tuple[mlmd.MetadataStore, _Config, list[NodeRow]]:
    absl_logging.set_verbosity(absl_logging.INFO)
    take_folders_literally()
    store = store_path(config.run_dir)
    beam_args = from_environment(config.beam_args)
    pipeline = create(
        config,
        beam_pipeline_args=node_beam_args(beam_args),
        extraction_beam_args=extraction_beam_args(workers or os.cpu_count() or 1, beam_args),
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
    return connect(store), config, list(table.rows.values())
