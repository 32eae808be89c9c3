"""The executor of Auditor."""

import json
import os
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components import features
from components.auditor.audits import run_audits
from components.auditor.finding import write_audits
from components.auditor.rescoring import VideoFiles
from components.auditor.settings import AuditSettings
from components.example_counts import recorded_counts
from components.node_progress import report_progress


class Executor(base_executor.BaseExecutor):
    """Reads frame-feature examples and the model trained on them, and writes the results of the audits."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Runs the audits.

        Raises:
            UserError: if there are too few videos, fewer than two kinds of forgeries, or not as many examples as were
                recorded.
        """
        model = artifact_utils.get_single_instance(input_dict["model"])
        holding = {
            split: artifact_utils.get_single_instance(input_dict[features.OUTPUT_OF_SPLIT[split]])
            for split in features.SPLITS
        }
        patterns = {
            split: [os.path.join(artifact_utils.get_split_uri([examples], split), "*")]
            for split, examples in holding.items()
        }
        recorded = {split: count for examples in holding.values() for split, count in recorded_counts(examples).items()}
        settings = AuditSettings.model_validate_json(exec_properties["settings"])
        found = run_audits(
            patterns,
            path_utils.serving_model_path(model.uri),
            settings,
            recorded=recorded,
            report_progress=report_progress,
            files=_files(exec_properties),
        )
        audits = artifact_utils.get_single_instance(output_dict["audits"])
        write_audits(audits.uri, found)
        audits.set_int_custom_property("records", len(found))


def _files(exec_properties: dict[str, Any]) -> VideoFiles | None:
    if not exec_properties.get("reading"):
        return None
    return VideoFiles(data_root=exec_properties["data_root"], **json.loads(exec_properties["reading"]))
