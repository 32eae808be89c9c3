"""Writes the report from the artifacts of the run."""

import os
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils

from components.report_gen.inputs import ReportSettings, SourceArtifacts
from components.report_gen.rendering import REPORT_FILE, make_report
from components.whole_files import write_whole


class Executor(base_executor.BaseExecutor):
    """Artifacts in, `index.html` out."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Writes the report; it lists videos that cannot be read instead of failing."""
        inputs = {key: artifacts[0] for key, artifacts in input_dict.items() if artifacts}
        pushed_to = inputs["pushed_model"].get_string_custom_property("pushed_destination")
        sources = SourceArtifacts.from_artifacts(
            {key: artifact.uri for key, artifact in inputs.items()}, pushed_to or None
        )
        settings = ReportSettings(
            config=exec_properties["config"],
            data_root=exec_properties["data_root"],
            filmstrips=exec_properties["filmstrips"],
            overlays=exec_properties["overlays"],
        )
        report = artifact_utils.get_single_instance(output_dict["report"])
        write_whole(os.path.join(report.uri, REPORT_FILE), make_report(sources, settings).encode())
