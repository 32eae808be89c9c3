"""Builds the frame encoder once for all nodes that use it."""

import functools
import logging
from typing import Any

import numpy as np
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.folders import staging_folder
from components.frame_encoder.build import build_encoder
from components.frame_encoder.network import build_network, require_digest
from components.frame_encoder.sample_frames import sample_frames


class Executor(base_executor.BaseExecutor):
    """Writes the encoder's SavedModel where a Trainer looks for its base model."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Builds, checks and exports.

        Raises:
            UserError: if the weights are unavailable or do not match the pinned digest, or if the precision or
                engine that was requested is unavailable.
        """
        weights = exec_properties["weights"]
        require_digest(weights, exec_properties.get("weights_digest"))
        artifact = artifact_utils.get_single_instance(output_dict["model"])
        network = build_network(exec_properties["architecture"], weights)
        with staging_folder(path_utils.serving_model_dir(artifact.uri)) as folder:
            description = build_encoder(
                network,
                folder,
                weights=weights,
                precision=exec_properties["precision"],
                engine=exec_properties["engine"],
                sample_frames=functools.partial(
                    _sample_frames,
                    input_dict.get("videos", []),
                    exec_properties.get("data_root"),
                    network.frame_size,
                ),
            )
        for name in ("fingerprint", "engine", "precision", "precision_reason"):
            artifact.set_string_custom_property(name, getattr(description, name))
        if agreement := description.agreement:
            artifact.set_int_custom_property("frames_compared", agreement["frames"])
            artifact.set_float_custom_property("min_cosine", agreement["min_cosine"])
            artifact.set_float_custom_property("max_relative_error", agreement["max_relative_error"])
        logging.info("Frame encoder: %s", description)


def _sample_frames(videos: list[types.Artifact], data_root: str | None, size: int) -> np.ndarray:
    if not videos or data_root is None:
        return np.zeros((0, size, size, 3), np.uint8)
    return sample_frames(artifact_utils.get_single_instance(videos).uri, data_root, size)
