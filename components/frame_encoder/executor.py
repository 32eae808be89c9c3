"""Builds the frame encoder once for all the nodes that use it."""

import hashlib
import logging
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.errors import UserError
from components.features import FRAME_SIZE
from components.frame_encoder.inception import build_inception, encoder_fingerprint, fold_batch_norm
from components.frame_encoder.saved_model import export_encoder


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
        model = build_inception(weights)
        folded = fold_batch_norm(model)
        _require_agreement(model, folded)
        artifact = artifact_utils.get_single_instance(output_dict["model"])
        fingerprint = encoder_fingerprint(folded)
        export_encoder(folded, path_utils.serving_model_dir(artifact.uri), weights=weights, fingerprint=fingerprint)
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


def _require_agreement(model: keras.Model, folded: keras.Model) -> None:
    frames = np.random.default_rng(0).uniform(-1, 1, (2, FRAME_SIZE, FRAME_SIZE, 3)).astype(np.float32)
    expected = np.asarray(model(frames, training=False))
    error = np.linalg.norm(expected - np.asarray(folded(frames, training=False))) / np.linalg.norm(expected)
    if not error < 1e-4:
        raise RuntimeError(f"folding BatchNorm changed the features by {float(error):.1e}, more than 1e-4")
