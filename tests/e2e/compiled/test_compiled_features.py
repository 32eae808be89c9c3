"""Which nodes take features, as an engine downloads whole what a node takes, and the disk for them."""

import pytest
import yaml
from compiled_demo import demo_config

from pipeline.runners import write_compiled

pytestmark = pytest.mark.e2e


def tasks(text: str) -> dict[str, dict]:
    return yaml.safe_load(text)["root"]["dag"]["tasks"]


def features_of(text: str) -> dict[tuple[str, str], set[str]]:
    """Returns which nodes take each output that holds features of a whole split."""
    takers: dict[tuple[str, str], set[str]] = {}
    for name, task in tasks(text).items():
        for source in task.get("inputs", {}).get("artifacts", {}).values():
            output = source["taskOutputArtifact"]
            takers.setdefault((output["producerTask"], output["outputArtifactKey"]), set()).add(name)
    return {
        (node, key): taken
        for (node, key), taken in takers.items()
        if node in ("FrameFeatureGen", "Transform") and key.endswith("examples") and key != "serving_examples"
    }


def test_features_are_handed_to_the_nodes_that_need_them(compiled):
    assert features_of(compiled["kubeflow"]) == {
        ("FrameFeatureGen", "examples"): {"Transform"},
        ("FrameFeatureGen", "test_examples"): {"Evaluator"},
        ("Transform", "transformed_examples"): {"Trainer"},
    }
    inputs = tasks(compiled["kubeflow"])["ServingValidator"]["inputs"]["artifacts"]
    assert inputs["examples"]["taskOutputArtifact"] == {
        "producerTask": "FrameFeatureGen",
        "outputArtifactKey": "serving_examples",
    }


def test_kubeflow_is_asked_for_the_disk_that_each_node_needs(tmp_path):
    settings = ["evaluator.baseline=none", "tuner.enabled=true", "audits.names=[order]", "kubeflow.videos=119154"]
    gpu = "kubeflow.resources.Trainer={accelerator: nvidia.com/gpu, accelerator_count: 2}"
    lines = write_compiled("kubeflow", demo_config("kubeflow", *settings, gpu), tmp_path / "kubeflow.yaml")
    text = (tmp_path / "kubeflow.yaml").read_text()
    executors = yaml.safe_load(text)["deploymentSpec"]["executors"]
    asked = {name: executors[f"{name}_executor"]["container"]["resources"]["accelerator"] for name in tasks(text)}
    assert asked["Trainer"] == {"type": "nvidia.com/gpu", "count": "2"}
    assert asked["Pusher"] == {"type": "ephemeral-storage", "count": "10000000000"}
    # Whatever takes or makes features asks for more than the others.
    holders = {name for (producer, _), takers in features_of(text).items() for name in (producer, *takers)}
    assert holders == {name for name in asked if int(asked[name]["count"]) > 10**10} | {"Trainer"}
    assert lines[0] == f"kubeflow pipeline in {tmp_path}/kubeflow.yaml"
    assert [line.partition(":")[0] for line in lines[1:]] == ["disk", "disk"]
    assert "each other node 10 GB" in "".join(lines)
