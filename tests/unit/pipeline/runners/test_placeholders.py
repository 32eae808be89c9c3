"""Placeholders of our own configs and documentation are recognized, and nothing else is."""

import pathlib
import re

import pytest
from filled_in import SECTIONS, filled_in

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.runners.placeholders import require_no_placeholders

ROOT = pathlib.Path(__file__).parents[4]
KEYS = {
    "vertex": ["vertex.image", "vertex.service_account", "vertex.project"],
    "kubeflow": ["kubeflow.image", "kubeflow.host"],
}
ADDRESSES = ["data.root", "pipeline_root", "push_destination"]


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_each_key_of_a_config_that_is_to_be_filled_in_is_named(target):
    with pytest.raises(UserError) as raised:
        require_no_placeholders(load_config(target), target)
    keys, words = str(raised.value).split(": ", 1)
    assert sorted(keys.split(", ")) == sorted([*ADDRESSES, *KEYS[target]])
    assert "my-bucket" in words
    assert "my-project" in words


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_a_config_that_is_filled_in_passes(target):
    require_no_placeholders(load_config(target, filled_in(target)), target)


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_only_the_target_of_a_scoring_matters(target):
    config = load_config("scoring", SECTIONS[target], ScoringConfig)
    require_no_placeholders(config, target)
    with pytest.raises(UserError, match="not filled in yet"):
        require_no_placeholders(config, {"vertex": "kubeflow", "kubeflow": "vertex"}[target])


def test_every_address_in_the_documentation_that_a_user_replaces_is_refused():
    text = (ROOT / "docs" / "deploy.md").read_text()
    addresses = set(re.findall(r"(?:gs|s3)://[\w-]+", text))
    assert addresses
    for address in addresses:
        with pytest.raises(UserError, match=r"data\.root: not filled in yet"):
            require_no_placeholders(load_config("vertex", [*filled_in("vertex"), f"data.root={address}/x"]), "vertex")


@pytest.mark.parametrize(
    ("setting", "placeholder"),
    [
        ("vertex.image=registry.example.com/deepfake:1", "registry.example.com"),
        ("vertex.project=some-project", "some-project"),
        ("evaluator.baseline=gs://PROJECT/model/1", "PROJECT"),
    ],
)
def test_a_placeholder_is_named(setting, placeholder):
    with pytest.raises(UserError, match=re.escape(f"{setting.split('=')[0]}: not filled in yet ({placeholder})")):
        require_no_placeholders(load_config("vertex", [*filled_in("vertex"), setting]), "vertex")


@pytest.mark.parametrize(
    "setting",
    [
        "data.root=gs://my-bucket-7/dfdc",
        "data.root=gs://not-my-bucket/dfdc",
        "vertex.image=registry.myexample.com/deepfake:1",
        "vertex.labels.team=my-project",
        "card.contact=https://example.com/",
    ],
)
def test_what_only_resembles_one_passes(setting):
    require_no_placeholders(load_config("vertex", [*filled_in("vertex"), setting]), "vertex")
