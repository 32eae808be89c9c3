"""Checks the exported model as it will be served, and blesses it."""

import logging
import os
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components import features
from components.example_counts import recorded_counts, require_counts
from components.examples import read_records, text_feature
from components.printable import printable
from components.served_model.expected_outputs import read_expected_outputs
from components.serving_validator.check_file import write_serving_check
from components.serving_validator.checks import check_serving

SPLIT = "eval"


class Executor(base_executor.BaseExecutor):
    """Writes an InfraBlessing, like TFX's InfraValidator, but without a model server in Docker."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Serves the model; a model that fails does not fail the run, but is not pushed.

        Raises:
            MachineError: if the machine failed, which says nothing of the model.
            UserError: if there are not as many examples as were recorded.
        """
        del exec_properties
        model = artifact_utils.get_single_instance(input_dict["model"])
        expected = read_expected_outputs(model.uri)
        given = artifact_utils.get_single_instance(input_dict["examples"])
        records = _read(artifact_utils.get_split_uri([given], SPLIT))
        require_counts(given.uri, {SPLIT: len(records)}, recorded_counts(given))
        examples = {_video_id(record): record for record in records}
        content = check_serving(path_utils.serving_model_path(model.uri), expected, examples)
        blessing = artifact_utils.get_single_instance(output_dict["blessing"])
        write_serving_check(blessing.uri, content)
        for check in content["checks"]:
            if not check["passed"]:
                logging.error("Cannot be served: %s: %s", check["name"], printable(check["detail"]))
        blessing.set_int_custom_property("blessed", int(content["passed"]))


def _read(uri: str) -> list[bytes]:
    return list(read_records(os.path.join(uri, "*")).as_numpy_iterator())


def _video_id(record: bytes) -> str:
    return text_feature(tf.train.Example.FromString(record), features.VIDEO_ID)
