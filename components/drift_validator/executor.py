"""Measures drift, and fails only if configured to."""

import logging
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.drift_validator.drift import find_drift
from components.drift_validator.finding import write_drift
from components.drift_validator.settings import DriftSettings
from components.features import SCORED_SPLIT
from components.served_model.folder import open_model, saved_model_path
from components.served_model.training_statistics import read_split_statistics
from components.submission_gen.score_files import read_rows


class DriftError(Exception):
    """The videos no longer resemble the training data, and `drift.fail` is set."""


class Executor(base_executor.BaseExecutor):
    """Statistics, scores and the model's folder in, `drift.json` out."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Compares the scored videos with the training's.

        Raises:
            DriftError: if something has drifted and `drift.fail` is set.
        """
        settings = DriftSettings.model_validate_json(exec_properties["settings"])
        model_uri = artifact_utils.get_single_uri(input_dict["model"])
        rows = read_rows(artifact_utils.get_single_uri(input_dict["scores"]))
        finding = find_drift(
            read_split_statistics(artifact_utils.get_single_uri(input_dict["statistics"]), SCORED_SPLIT),
            [row.probability for row in rows if row.probability is not None],
            open_model(saved_model_path(path_utils.serving_model_path(model_uri))),
            settings,
        )
        drift = artifact_utils.get_single_instance(output_dict["drift"])
        write_drift(drift.uri, finding)
        drift.set_int_custom_property("drifted", len(finding.drifted))
        logging.info("Drift: %s", finding)
        if finding.drifted and settings.fail:
            raise DriftError(f"drift.fail is set, and these have drifted: {', '.join(finding.drifted)}")
