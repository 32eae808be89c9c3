"""The disk that each node's pod needs on Kubeflow Pipelines, which downloads all that a node takes in."""

import math
from typing import Final

from components.features import FRAMES
from components.frame_feature_gen.cost import example_bytes
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES
from pipeline.config.engines import KubeflowConfig, KubeflowResources
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig

RESOURCE: Final = "ephemeral-storage"
"""Kubernetes' name for it."""

# For models, videos that are being decoded, logs, and what libraries leave in /tmp.
_BASE_GB = 10
# Where the model that is to score is not known yet: the features that most models take.
_SCORED_FEATURES = FRAMES * ENCODER_ARCHITECTURES["inception_v3"].feature_size
_ALL_NODES = "default"


def disk_gb(config: TrainingConfig | ScoringConfig, engine: KubeflowConfig, node: str) -> float:
    """Returns the gigabytes that a node needs, as set or from the number of videos; 0 if neither is known."""
    for name in (node, _ALL_NODES):
        given = _resources(engine, name).disk_gb
        if given is not None:
            return given
    if not engine.videos:
        return 0
    held = _held(config).get(node, 0) * engine.videos
    return _BASE_GB + math.ceil(held * _video_bytes(config) / 1e9)


def tell_disk(config: TrainingConfig | ScoringConfig, engine: KubeflowConfig) -> list[str]:
    """Returns lines on how much disk the nodes of a compiled pipeline ask for, and on those that cannot."""
    nodes = [node for node in {**_held(config), **engine.resources} if node != _ALL_NODES]
    needs = {node: (_accelerator(engine, node), disk_gb(config, engine, node)) for node in [*nodes, _ALL_NODES]}
    alike: dict[tuple[str, float], list[str]] = {}
    for node, need in needs.items():
        if node == _ALL_NODES:
            alike[need] = ["each other node"]
        elif need != needs[_ALL_NODES]:
            alike.setdefault(need, []).append(node)
    told: dict[str, list[str]] = {}
    for (accelerator, needed), names in sorted(alike.items(), key=lambda each: -each[0][1]):
        if needed:
            told.setdefault(accelerator, []).append(f"{' and '.join(names)} {needed:g} GB")
    if not told:
        return ["disk: none is asked for; say how much data there is, kubeflow.videos"]
    return [
        f"disk: none can be asked for along with {accelerator}; the machines must have it: {', '.join(those)}"
        if accelerator
        else f"disk: {', '.join(those)}"
        for accelerator, those in told.items()
    ]


def _video_bytes(config: TrainingConfig | ScoringConfig) -> int:
    """Returns what a video's features take before gzip, whose gain depends on the videos."""
    return example_bytes(_SCORED_FEATURES if isinstance(config, ScoringConfig) else config.features_a_video)


def _held(config: TrainingConfig | ScoringConfig) -> dict[str, float]:
    """Returns how many times over each node holds the features of all videos on its disk."""
    if isinstance(config, ScoringConfig):
        return {"FrameFeatureGen": 1, "BulkInferrer": 2, "SubmissionGen": 1}
    ratios = config.split.rules.ratios
    # At most: pseudo-fakes are made of REAL videos only.
    training = (config.augment.examples(real=ratios.train, fake=0) + ratios.eval) / ratios.total
    test = ratios.test / ratios.total
    held = {"FrameFeatureGen": training + test, "Transform": 2 * training, "Evaluator": test}
    # Both sort what they take in on their disk.
    held["Trainer"] = 2 * training
    if config.tuner.enabled:
        held["Tuner"] = 2 * training
    if config.audits.names:
        held["Auditor"] = training + test
    if config.evaluator.cross_validation:
        held["CrossValidator"] = training + test
    return held


def _accelerator(engine: KubeflowConfig, node: str) -> str:
    return _resources(engine, node).accelerator or _resources(engine, _ALL_NODES).accelerator or ""


def _resources(engine: KubeflowConfig, name: str) -> KubeflowResources:
    return engine.resources.get(name, KubeflowResources())
