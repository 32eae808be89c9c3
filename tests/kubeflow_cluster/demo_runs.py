"""Runs of the demo's pipelines on a cluster, and what they left."""

import gzip
import json
import pathlib
from collections.abc import Iterator
from typing import Any

from compiled_demo import BUCKET, compile_demo, compile_scoring, specification

from components.metrics.results import METRICS_FILE
from kubeflow_cluster.artifacts import Artifact
from kubeflow_cluster.cluster import Cluster, TaskResult, walk
from kubeflow_cluster.driver import LOGS
from kubeflow_cluster.transfer import key_of

Results = dict[str, TaskResult]

ANY_MODEL_PASSES = json.dumps({"auc": {"min": 0.0, "worse_by": 1.0}})
_GZIP = b"\x1f\x8b"
# Kubeflow Pipelines takes videos from its cache only if they have a fingerprint.
_FIXED = ("extraction.workers=1", "data.fingerprint=1")


def train(cluster: Cluster, place: str, data_root: str, *settings: str, baseline: str = "", epochs: int = 2) -> Results:
    """Runs the training DAG.

    Args:
        cluster: the cluster.
        place: what nodes that use the bucket themselves take for it: its address, or the folder that stands for it.
        data_root: the videos.
        *settings: further settings.
        baseline: uri of a model in the bucket.
        epochs: of the training.
    """
    text = compile_demo("kubeflow", *_FIXED, *settings, f"evaluator.baseline={baseline or 'none'}")
    parameters = {"data_root": data_root, "epochs": epochs, "bounds": ANY_MODEL_PASSES}
    if baseline:
        parameters["baseline_uri"] = baseline
    return walk(cluster, specification("kubeflow", text, place), parameters)


def score(cluster: Cluster, place: str, data_root: str, model: str, *settings: str) -> Results:
    """Runs the scoring DAG with the model at this uri; other arguments as for `train`."""
    text = compile_scoring("kubeflow", "extraction.workers=1", *settings)
    return walk(cluster, specification("kubeflow", text, place), {"data_root": data_root, "model_uri": model})


def executed(results: Results) -> set[str]:
    """The tasks that had a pod."""
    return {name for name, result in results.items() if result.attempts}


def pushed_model(place: str, results: Results) -> str:
    """The uri of the model that a training has pushed."""
    destination = results["Pusher"].outputs["pushed_model"].metadata["pushed_destination"]
    assert destination.startswith(f"{place}/model/")
    return destination if place.startswith(BUCKET) else BUCKET + destination.removeprefix(place)


def metrics(cluster: Cluster, results: Results) -> dict[str, float]:
    """The metrics of a training's model on the test split, by name."""
    evaluation = read_json(cluster, results["Evaluator"].outputs["video_metrics"], METRICS_FILE)
    return {name: numbers["value"] for name, numbers in evaluation["metrics"].items()}


def read_json(cluster: Cluster, artifact: Artifact, name: str) -> Any:
    """Reads a file of an artifact."""
    return json.loads(cluster.store.read(f"{key_of(artifact.uri, BUCKET)}/{name}"))


def naming_the_pod(cluster: Cluster) -> Iterator[str]:
    """The keys of all artifacts' files that contain the path of a pod."""
    pod = str(cluster.pod).encode()
    for key in cluster.store.keys(key_of(cluster.root, BUCKET)):
        if pathlib.PurePath(key).name.startswith(LOGS):
            # It names what the task was given.
            continue
        content = cluster.store.read(key)
        if pod in (gzip.decompress(content) if content.startswith(_GZIP) else content):
            yield key
