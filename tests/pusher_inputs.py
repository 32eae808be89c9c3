"""What the Pusher takes besides a model: the results of an evaluation, and statistics of training videos."""

import os
import pathlib

from predicted_videos import predicted
from tensorflow_metadata.proto.v0 import statistics_pb2
from tfx.types import standard_artifacts

from components import features
from components.artifacts import VideoMetrics
from components.evaluator.summary import summarize
from components.json_files import write_json
from components.metrics.decision_rule import DecisionRule
from components.metrics.results import DECISION_FILE, METRICS_FILE


def video_metrics(folder: pathlib.Path) -> VideoMetrics:
    """The Evaluator's results, from which the model card is made."""
    artifact = VideoMetrics()
    artifact.uri = str(folder)
    folder.mkdir()
    predictions = predicted(["REAL", "FAKE"] * 5, [0.2, 0.8] * 5)
    summary = summarize(predictions, DecisionRule(0.5), split="test", min_slice_videos=10)
    write_json(os.path.join(artifact.uri, METRICS_FILE), summary)
    write_json(os.path.join(artifact.uri, DECISION_FILE), {"blessed": True, "baseline": None, "rules": []})
    return artifact


def training_statistics(folder: pathlib.Path) -> standard_artifacts.ExampleStatistics:
    """Statistics of a train split, of which those on containers are stored with the model."""
    artifact = standard_artifacts.ExampleStatistics()
    artifact.uri = str(folder)
    found = statistics_pb2.DatasetFeatureStatisticsList()
    features_of = found.datasets.add(num_examples=1).features
    for name in (features.VIDEO_ID, features.CODEC):
        features_of.add().path.step.append(name)
    path = folder / "Split-train" / "FeatureStats.pb"
    path.parent.mkdir(parents=True)
    path.write_bytes(found.SerializeToString())
    return artifact
