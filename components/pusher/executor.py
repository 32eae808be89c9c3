"""Pushes a model only where it has not been pushed before, with its card and the statistics of its training."""

import logging
import os
import tempfile
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.components.pusher import executor as pusher_executor
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils, standard_artifacts
from tfx.utils import io_utils, path_utils, proto_utils

from components.drift_validator.training_statistics import write_training_statistics
from components.evaluator.results import DECISION_FILE, METRICS_FILE, read_result
from components.printable import printable
from components.pusher.model_card import CardSettings, make_card, write_card
from components.serving_validator.checks import read_serving_check
from components.trainer.model_description import read_model_description
from components.trainer.model_folder import GRAPH


class Executor(pusher_executor.Executor):
    """TFX's Pusher, which by itself would push the same model again whenever it was evaluated anew."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Pushes a model that both validators blessed, unless a version with its digest is there already."""
        destination = pusher_pb2.PushDestination()
        proto_utils.json_to_proto(exec_properties["push_destination"], destination)
        folder = destination.filesystem.base_directory
        description = read_model_description(self.GetModelPath(input_dict))
        version = find_version(folder, description["model_digest"])
        if version is None:
            with tempfile.TemporaryDirectory(prefix="deepfake-push-") as staging:
                if self.CheckBlessing(input_dict):
                    # With its card, so that a version is whole when its last file, saved_model.pb, is there.
                    card = _card(input_dict, exec_properties["card"], description)
                    input_dict = {**input_dict, "model": [self._staged(input_dict, staging, card)]}
                super().Do(input_dict, output_dict, exec_properties)
            return
        logging.info("Not pushed: version %s in %s is this very model", version, printable(folder))
        pushed = artifact_utils.get_single_instance(output_dict["pushed_model"])
        pushed.set_int_custom_property("pushed", 0)
        pushed.set_string_custom_property("pushed_destination", os.path.join(folder, version))

    def _staged(
        self, input_dict: dict[str, list[types.Artifact]], folder: str, card: dict[str, Any]
    ) -> standard_artifacts.Model:
        model = standard_artifacts.Model()
        model.uri = folder
        path = path_utils.serving_model_dir(folder)
        io_utils.copy_dir(self.GetModelPath(input_dict), path)
        write_card(path, card)
        write_training_statistics(path, artifact_utils.get_single_uri(input_dict["statistics"]))
        return model


def _card(input_dict: dict[str, list[types.Artifact]], settings: str, description: dict[str, Any]) -> dict[str, Any]:
    video_metrics = artifact_utils.get_single_uri(input_dict["video_metrics"])
    return make_card(
        CardSettings.model_validate_json(settings),
        description,
        read_result(video_metrics, METRICS_FILE),
        read_result(video_metrics, DECISION_FILE),
        read_serving_check(artifact_utils.get_single_uri(input_dict["infra_blessing"])),
    )


def find_version(folder: str, model_digest: str) -> str | None:
    """Finds the version folder below `folder` that holds the whole model with this digest."""
    for description in sorted(tf.io.gfile.glob(os.path.join(folder, "*", "assets.extra", "model.json"))):
        version = os.path.dirname(os.path.dirname(description))
        # The file that is copied last; without it the version is not whole, and servers pass it over too.
        whole = tf.io.gfile.exists(os.path.join(version, GRAPH))
        if whole and read_model_description(version)["model_digest"] == model_digest:
            return os.path.basename(version)
    return None
