"""Every node of ours runs again if a file in its folder changes."""

import json
import pathlib
import shutil
from typing import Any

import pytest

from components import code_version, source_digest
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.dags.scoring import create_scoring_pipeline
from pipeline.dags.training import create_training_pipeline

pytestmark = pytest.mark.e2e

OPTIONAL = ["tuner.enabled=true", 'audits={"names": ["leak"]}', "evaluator.baseline=latest"]
# TFX's own nodes, whose code belongs to the stack.
TFX = {"StatisticsGen", "ExampleValidator", "BaselineModel", "latest_blessed_model_resolver", "PushedModel"}
# TFX's classes that run our code.
FOLDERS = {"Transform": "transform", "Tuner": "tuner"}


def versions() -> dict[str, tuple[str, str]]:
    """The folder and the code version of each node by id."""
    training = create_training_pipeline(load_config("demo", OPTIONAL))
    scoring = create_scoring_pipeline(load_config("scoring", ["data.root=videos", "model=model/1"], ScoringConfig))
    found = {}
    for node in (*training.components, *scoring.components):
        if node.id in TFX:
            continue
        module = type(node).__module__.split(".")
        folder = FOLDERS.get(node.id) or ("packaged_schema" if "Schema" in node.id else module[1])
        found[f"{node.id} {len(found)}"] = folder, version(node.exec_properties)
    return found


def version(properties: dict[str, Any]) -> str:
    if "code_version" in properties:
        return properties["code_version"]
    config = properties["custom_config"]
    if not isinstance(config, str):
        return config["code_version"]
    held = json.loads(config)
    if "custom_config" in held:
        held = held["custom_config"].get("value", held["custom_config"])
    return held["code_version"]


@pytest.mark.parametrize("suffix", [".py", ".html", ".jinja", ".json"])
def test_a_changed_file_of_any_kind_changes_the_version_of_its_node(tmp_path, monkeypatch, suffix):
    copied = pathlib.Path(shutil.copytree(source_digest.source_root(), tmp_path / "components"))
    monkeypatch.setattr(code_version, "source_root", lambda: copied)
    before = versions()
    assert {"PackagedSchema", "Pusher", "BulkInferrer"} <= {"PackagedSchema", *(name.split()[0] for name in before)}
    for folder in {folder for folder, _ in before.values()}:
        added = copied / folder / f"added{suffix}"
        added.write_text("{}")
        after = versions()
        unchanged = [name for name, (its, _) in before.items() if its == folder and after[name] == before[name]]
        assert not unchanged, f"{added.name} in {folder}"
        added.unlink()
