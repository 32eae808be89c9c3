"""The node's driver, which fingerprints the files before TFX looks into its cache."""

from typing import Any

from tfx import types
from tfx.components.example_gen.driver import FileBasedDriver
from tfx.dsl.components.base import base_driver
from tfx.types.standard_component_specs import EXAMPLES_KEY


class Driver(FileBasedDriver):
    """Prepares all outputs where TFX runs nodes one by one, as in notebooks; elsewhere its launcher does.

    Overrides a private method, since FileBasedDriver's prepares `examples` and nothing else.
    """

    def _prepare_output_artifacts(
        self,
        input_artifacts: dict[str, list[types.Artifact]],
        output_dict: dict[str, types.Channel],
        **further: Any,
    ) -> dict[str, list[types.Artifact]]:
        others = {key: channel for key, channel in output_dict.items() if key != EXAMPLES_KEY}
        return {
            **base_driver.BaseDriver._prepare_output_artifacts(self, input_artifacts, others, **further),
            **super()._prepare_output_artifacts(input_artifacts, output_dict, **further),
        }
