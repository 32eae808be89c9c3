"""The node's driver, which fingerprints the files before TFX looks into its cache."""

from typing import Any

from tfx import types
from tfx.components.example_gen.driver import FileBasedDriver
from tfx.dsl.components.base import base_driver
from tfx.types.standard_component_specs import EXAMPLES_KEY


class Driver(FileBasedDriver):
    """Also prepares `splits` where TFX runs nodes one by one, as in notebooks; elsewhere its launcher does.

    FileBasedDriver prepares `examples` alone, by a method that only BaseDriver's own contract names.
    """

    def _prepare_output_artifacts(
        self,
        input_artifacts: dict[str, list[types.Artifact]],
        output_dict: dict[str, types.Channel],
        **further: Any,
    ) -> dict[str, list[types.Artifact]]:
        others = {key: channel for key, channel in output_dict.items() if key != EXAMPLES_KEY}
        prepare = base_driver.BaseDriver._prepare_output_artifacts
        prepared = prepare(self, input_artifacts, others, **further)
        return {**prepared, **super()._prepare_output_artifacts(input_artifacts, output_dict, **further)}
