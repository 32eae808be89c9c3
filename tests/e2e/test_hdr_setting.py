"""The setting for high dynamic range reaches the extraction and the trained model."""

import json

import pytest

from pipeline.config.load import load_config
from pipeline.dags.training import create_training_pipeline

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("hdr", ["as_sdr", "tone_map"])
def test_the_nodes_are_given_the_setting(hdr):
    training = create_training_pipeline(load_config("demo", [f"extraction.hdr={hdr}"]))
    given = {node.id: node.exec_properties for node in training.components}
    assert given["FrameFeatureGen"]["hdr"] == hdr
    assert json.loads(given["Trainer"]["custom_config"])["description"]["hdr"] == hdr
