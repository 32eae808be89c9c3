"""The training DAG for TFX's InteractiveContext, in which the user runs node by node."""

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
from pipeline.runners.beam.local_files import match_folder_names_literally
from pipeline.runners.launching.own_folders import output_folders
from pipeline.runners.s3_for_tfx import register_s3
from pipeline.runs.folders import store_path
from pipeline.runs.locking.run_lock import hold_until_exit
from pipeline.runs.store_file.execution_ids import start_above_folders


def interactive_context(config: TrainingConfig) -> InteractiveContext:
    """Returns a context with the run's artifacts and store and Beam in this process; libraries log errors only.

    No other process can work in the run's folder until this one ends.

    Raises:
        UserError: if the paths contain characters with which nodes would not find each other's artifacts, if the run's
            store is damaged or locked, or if another process is at work in its folder.
    """
    absl_logging.set_verbosity(absl_logging.ERROR)
    # In a kernel TensorFlow assumes an interactive session and logs everything; Beam warns that it cannot draw graphs.
    tf.get_logger().setLevel(logging.ERROR)
    logging.getLogger("apache_beam.runners.interactive").setLevel(logging.ERROR)
    config.require_usable_root()
    register_s3()
    match_folder_names_literally()
    os.makedirs(config.run_dir, exist_ok=True)
    hold_until_exit(config.run_dir, "a notebook")
    store = store_path(config.run_dir)
    start_above_folders(store, output_folders(create_training_pipeline(config)))
    return InteractiveContext(
        pipeline_name=config.name,
        pipeline_root=config.artifacts_dir,
        metadata_connection_config=sqlite_metadata_connection_config(store),
        beam_pipeline_args=node_beam_args(from_environment(config.beam_args)),
    )


def training_nodes(config: TrainingConfig) -> dict[str, BaseNode]:
    """Returns the nodes of the training DAG by id, in execution order.

    Raises:
        UserError: if the config asks for a baseline from the store, which the context cannot look up.
    """
    if config.evaluator.baseline != NO_BASELINE:
        raise UserError(
            f"evaluator.baseline={config.evaluator.baseline!r}: an interactive run has no baseline; "
            f"add evaluator.baseline={NO_BASELINE}"
        )
    return {node.id: node for node in create_training_pipeline(config).components}


def artifact_uri(node: BaseNode, key: str) -> str:
    """Returns the uri of the output `key` of a node that has run."""
    return node.outputs[key].get()[0].uri
