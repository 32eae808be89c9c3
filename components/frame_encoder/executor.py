"""Builds the frame encoder once for all the nodes that use it."""

import hashlib
import logging
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.errors import UserError
from components.frame_encoder.build import make_encoder


class Executor(base_executor.BaseExecutor):
    """Writes the encoder's SavedModel where a Trainer looks for its base model."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Builds, folds, checks and exports.

        Raises:
            UserError: if the weights cannot be had, or the file is not the one that was pinned.
        """
        weights = exec_properties["weights"]
        require_digest(weights, exec_properties.get("weights_digest"))
        artifact = artifact_utils.get_single_instance(output_dict["model"])
        fingerprint = make_encoder(weights, path_utils.serving_model_dir(artifact.uri))
        artifact.set_string_custom_property("fingerprint", fingerprint)
        logging.info("Frame encoder %s from weights %s", fingerprint[:12], weights)


def require_digest(weights: str, digest: str | None) -> None:
    """Refuses a weights file that is not the one pinned by `digest` (sha256, hexadecimal)."""
    if not digest:
        return
    with tf.io.gfile.GFile(weights, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != digest:
        raise UserError(
            f"encoder.weights: {weights!r} has sha256 {found}, not {digest}; correct the file or encoder.weights_digest"
        )
