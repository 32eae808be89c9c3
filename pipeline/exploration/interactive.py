"""The training DAG for TFX's InteractiveContext, which runs one node after the other at the user's pace."""

import logging
import os

import tensorflow as tf
from absl import logging as absl_logging
from tfx.dsl.components.base.base_node import BaseNode
from tfx.orchestration.experimental.interactive.interactive_context import InteractiveContext
from tfx.orchestration.metadata import sqlite_metadata_connection_config

from components.errors import UserError
from pipeline.config.sections import NO_BASELINE
from pipeline.config.training import TrainingConfig
from pipeline.dags.training import create_training_pipeline
from pipeline.runners.beam.args import from_environment, node_beam_args
from pipeline.runners.beam.local_files import take_folders_literally
from pipeline.runs.folders import store_path


def interactive_context(config: TrainingConfig) -> InteractiveContext:
    """The context of a run: its artifacts, its store, and Beam in this process; TFX and TensorFlow log errors only.

    Raises:
        UserError: for a folder in which the nodes would not find what others left.
    """
    absl_logging.set_verbosity(absl_logging.ERROR)
    # In a kernel TensorFlow takes itself for interactive and logs everything, and Beam misses what draws its graphs.
    tf.get_logger().setLevel(logging.ERROR)
    logging.getLogger("apache_beam.runners.interactive").setLevel(logging.ERROR)
    config.require_plain_places()
    take_folders_literally()
    os.makedirs(config.run_dir, exist_ok=True)
    return InteractiveContext(
        pipeline_name=config.name,
        pipeline_root=config.artifacts_dir,
        metadata_connection_config=sqlite_metadata_connection_config(store_path(config.run_dir)),
        beam_pipeline_args=node_beam_args(from_environment(config.beam_args)),
    )


def training_nodes(config: TrainingConfig) -> dict[str, BaseNode]:
    """The nodes of the training DAG by their ids, in the order in which they run.

    Raises:
        UserError: if the config wants a baseline from the store, which the context cannot look up.
    """
    if config.evaluator.baseline != NO_BASELINE:
        raise UserError(
            f"evaluator.baseline={config.evaluator.baseline!r}: an interactive run has no baseline; "
            f"add evaluator.baseline={NO_BASELINE}"
        )
    return {node.id: node for node in create_training_pipeline(config).components}


def artifact_uri(node: BaseNode, key: str) -> str:
    """Where the output `key` of a node that has run lies."""
    return node.outputs[key].get()[0].uri
