"""Pushes a model only if it has not been pushed before, with its card and its training statistics."""

import logging
import os
import tempfile
from typing import Any

from tfx import types
from tfx.components.pusher import executor as pusher_executor
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components.folders import copy_files
from components.json_files import read_json
from components.metrics.results import DECISION_FILE, METRICS_FILE, read_decision
from components.printable import printable
from components.pusher.model_card import CardSettings, make_card, write_card
from components.pusher.versions import find_version, next_version
from components.served_model.description import Description, read_model_description
from components.served_model.folder import GRAPH
from components.served_model.training_statistics import write_training_statistics
from components.serving_validator.check_file import read_serving_check


class Executor(pusher_executor.Executor):
    """TFX's Pusher, which on its own would push the same model again after every evaluation."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Pushes a model that both validators blessed, unless a version with its digest already exists."""
        destination = pusher_pb2.PushDestination()
        proto_utils.json_to_proto(exec_properties["push_destination"], destination)
        folder = destination.filesystem.base_directory
        pushed = artifact_utils.get_single_instance(output_dict["pushed_model"])
        description = read_model_description(self.GetModelPath(input_dict))
        there = find_version(folder, description.model_digest)
        if there is not None:
            logging.info("Not pushed: version %s in %s is this very model", there, printable(folder))
            self._MarkNotPushed(pushed)
            pushed.set_string_custom_property("pushed_destination", os.path.join(folder, there))
        elif not self.CheckBlessing(input_dict):
            self._MarkNotPushed(pushed)
        else:
            self._push(input_dict, pushed, folder, _card(input_dict, exec_properties["card"], description))

    def _push(
        self, input_dict: dict[str, list[types.Artifact]], pushed: types.Artifact, folder: str, card: dict[str, Any]
    ) -> None:
        """Replaces TFX's push, whose versions are plain timestamps."""
        version = str(next_version(folder))
        target = os.path.join(folder, version)
        with tempfile.TemporaryDirectory(prefix="deepfake-push-") as staging:
            # Staged with its card, so that a version is complete once its last file, saved_model.pb, is there.
            model = os.path.join(staging, "model")
            copy_files(self.GetModelPath(input_dict), model)
            write_card(model, card)
            write_training_statistics(model, artifact_utils.get_single_uri(input_dict["statistics"]))
            copy_files(model, target, last=GRAPH)
            copy_files(model, pushed.uri)
        self._MarkPushed(pushed, pushed_destination=target, pushed_version=version)
        logging.info("Pushed to %s", printable(target))


def _card(input_dict: dict[str, list[types.Artifact]], settings: str, description: Description) -> dict[str, Any]:
    video_metrics = artifact_utils.get_single_uri(input_dict["video_metrics"])
    return make_card(
        CardSettings.model_validate_json(settings),
        description,
        read_json(os.path.join(video_metrics, METRICS_FILE)),
        read_decision(os.path.join(video_metrics, DECISION_FILE)),
        read_serving_check(artifact_utils.get_single_uri(input_dict["infra_blessing"])),
    )
