"""Pushes a model only if it has not been pushed before, with its card and its training statistics."""

import contextlib
import functools
import logging
import os
from typing import Any

from tfx import types
from tfx.components.pusher import executor as pusher_executor
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils
from tfx.utils import proto_utils

from components.errors import UserError
from components.folders import copy_files
from components.json_files import read_json
from components.metrics.results import DECISION_FILE, METRICS_FILE, read_cross_validation, read_decision
from components.printable import printable
from components.pusher.exclusion import kept_to_oneself
from components.pusher.model_card import CardSettings, make_card, write_card
from components.pusher.publication import find_unservable, publish, remove_torn
from components.pusher.versions import find_version
from components.recorded_files import FILES_PROPERTY, RecordedFiles, files_from_json, find_damage, record_files
from components.served_model.description import Description, read_model_description
from components.served_model.loaded_model import ServedModel
from components.served_model.training_statistics import write_training_statistics
from components.served_model.version_files import write_version_files
from components.serving_validator.check_file import read_serving_check

DESTINATION = "pushed_destination"
REPLACED = "replaced"
"""Custom property of `pushed_model`: lines on versions of this model that were not whole."""


class Executor(pusher_executor.Executor):
    """TFX's Pusher, which on its own would push the same model again after every evaluation."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Pushes a model that both validators blessed, unless a whole version of it already exists.

        Raises:
            UserError: if the model is not as its Trainer left it, or cannot be loaded.
        """
        destination = pusher_pb2.PushDestination()
        proto_utils.json_to_proto(exec_properties["push_destination"], destination)
        folder = destination.filesystem.base_directory
        pushed = artifact_utils.get_single_instance(output_dict["pushed_model"])
        model_path = self.GetModelPath(input_dict)
        description = read_model_description(model_path)
        files = _files(artifact_utils.get_single_instance(input_dict["model"]), model_path)
        blessed = self.CheckBlessing(input_dict)
        with kept_to_oneself(folder) if blessed else contextlib.nullcontext(False) as alone:
            there, torn = find_version(folder, description.model_digest, files)
            if blessed and there is None:
                torn |= find_unservable(folder)
                write = functools.partial(self._write, input_dict, pushed.uri, files, exec_properties["card"])
                there = publish(folder, write, alone=alone)
                self._MarkPushed(pushed, pushed_destination=there, pushed_version=os.path.basename(there))
                logging.info("Pushed to %s", printable(there))
            else:
                self._MarkNotPushed(pushed)
                if there is None:
                    return
                pushed.set_string_custom_property(DESTINATION, there)
                logging.info("Not pushed: %s is this very model", printable(there))
            if replaced := "; ".join(remove_torn(torn)):
                pushed.set_string_custom_property(REPLACED, replaced)
                logging.warning("%s: %s", printable(folder), printable(replaced))

    def _write(
        self,
        input_dict: dict[str, list[types.Artifact]],
        artifact: str,
        files: RecordedFiles,
        card_settings: str,
        version: str,
    ) -> None:
        """Writes a version to the local folder `version`, makes sure that it loads, and copies it to the artifact."""
        model_path = self.GetModelPath(input_dict)
        copy_files(model_path, version)
        if damage := find_damage(version, files):
            raise UserError(f"{model_path}: {damage}, so it is not pushed; train it anew, without the cache")
        write_card(version, _card(input_dict, card_settings, read_model_description(version)))
        write_training_statistics(version, artifact_utils.get_single_uri(input_dict["statistics"]))
        write_version_files(version)
        try:
            ServedModel(version)
        except UserError as error:
            logging.exception("Not pushed: %s", printable(version))
            raise UserError(
                f"{model_path}: its copy cannot be loaded, so it is not pushed; train it anew, without the cache"
            ) from error
        copy_files(version, artifact)


def _files(model: types.Artifact, model_path: str) -> RecordedFiles:
    """Returns the files of the model as they were when the Trainer ended; as they are, if that is not known."""
    recorded = files_from_json(model.get_string_custom_property(FILES_PROPERTY))
    if recorded is None:
        return record_files(model_path)
    start = f"{os.path.relpath(model_path, model.uri)}/"
    return {name.removeprefix(start): file for name, file in recorded.items() if name.startswith(start)}


def _card(input_dict: dict[str, list[types.Artifact]], settings: str, description: Description) -> dict[str, Any]:
    video_metrics = artifact_utils.get_single_uri(input_dict["video_metrics"])
    return make_card(
        CardSettings.model_validate_json(settings),
        description,
        read_json(os.path.join(video_metrics, METRICS_FILE)),
        read_decision(os.path.join(video_metrics, DECISION_FILE)),
        read_serving_check(artifact_utils.get_single_uri(input_dict["infra_blessing"])),
        read_cross_validation(video_metrics),
    )
