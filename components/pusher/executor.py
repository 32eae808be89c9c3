"""Pushes a model only where it has not been pushed before."""

import logging
import os
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.components.pusher import executor as pusher_executor
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components.trainer.model_description import read_model_description


class Executor(pusher_executor.Executor):
    """TFX's Pusher, which by itself would push the same model again whenever it was evaluated anew."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Pushes a blessed model, unless a version with its digest is at the destination already."""
        destination = pusher_pb2.PushDestination()
        proto_utils.json_to_proto(exec_properties["push_destination"], destination)
        folder = destination.filesystem.base_directory
        version = find_version(folder, read_model_description(self.GetModelPath(input_dict))["model_digest"])
        if version is None:
            super().Do(input_dict, output_dict, exec_properties)
            return
        logging.info("Not pushed: version %s in %s is this very model", version, folder)
        pushed = artifact_utils.get_single_instance(output_dict["pushed_model"])
        pushed.set_int_custom_property("pushed", 0)
        pushed.set_string_custom_property("pushed_destination", os.path.join(folder, version))


def find_version(folder: str, model_digest: str) -> str | None:
    """Finds the version folder below `folder` that holds the whole model with this digest."""
    for description in sorted(tf.io.gfile.glob(os.path.join(folder, "*", "assets.extra", "model.json"))):
        version = os.path.dirname(os.path.dirname(description))
        # The file that is copied last; without it the version is not whole, and servers pass it over too.
        whole = tf.io.gfile.exists(os.path.join(version, "saved_model.pb"))
        if whole and read_model_description(version)["model_digest"] == model_digest:
            return os.path.basename(version)
    return None
