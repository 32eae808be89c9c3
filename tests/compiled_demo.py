"""Compiles the pipelines for each engine, with the settings of the local end-to-end runs."""

import json
import pathlib
from typing import Any

import yaml
from short_demo import QUICK_TRAINING, SMALL_ENCODER

from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.runners import compile_for

BUCKET = "gs://bucket"
ENGINE = {"image": "registry.forensics-lab.net/deepfake/pipeline:1"}
SECTIONS = {
    "vertex": {
        **ENGINE,
        "project": "forensics-lab",
        "region": "europe-west4",
        "service_account": "deepfake-pipeline@forensics-lab.iam.gserviceaccount.com",
    },
    "kubeflow": {**ENGINE, "host": "https://kubeflow.forensics-lab.net"},
}


def compile_demo(target: str, *settings: str) -> str:
    """Compiles the demo's pipeline, as the end-to-end tests run it, for `vertex` or `kubeflow`."""
    return compile_for(target, demo_config(target, *settings))


def demo_config(target: str, *settings: str) -> TrainingConfig:
    """Returns the config that `compile_demo` compiles."""
    roots = [f"data.root={BUCKET}/data", f"pipeline_root={BUCKET}/artifacts", f"push_destination={BUCKET}/model"]
    section = f"{target}={json.dumps(SECTIONS[target])}"
    # As in the local runs; without overlays, which cost dozens of predictions and are tested there.
    fixed = [SMALL_ENCODER, "encoder.precision=float32", "decision.calibration=none", "report.overlays=0"]
    return load_config("demo", [*roots, section, *QUICK_TRAINING, *fixed, *settings])


def compile_scoring(target: str, *settings: str) -> str:
    """Compiles the scoring pipeline for `vertex` or `kubeflow`."""
    roots = [f"data.root={BUCKET}/videos", f"pipeline_root={BUCKET}/artifacts", f"model={BUCKET}/model/1795571968"]
    section = f"{target}={json.dumps(SECTIONS[target])}"
    return compile_for(target, load_config("scoring", [*roots, section, *settings], ScoringConfig))


def specification(target: str, text: str, bucket: pathlib.Path | str) -> dict[str, Any]:
    """Reads the compiled text, with a folder, if not the bucket itself, in place of the bucket."""
    text = text.replace(BUCKET, str(bucket))
    return json.loads(text)["pipelineSpec"] if target == "vertex" else yaml.safe_load(text)
