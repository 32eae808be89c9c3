"""The statistics of the training's videos, as they travel with a pushed model."""

import os
from typing import Any, Final

import tensorflow as tf
from tensorflow_metadata.proto.v0 import statistics_pb2

from components import features
from components.whole_files import write_whole

STATISTICS_FILE: Final = "assets.extra/training_statistics.pb"
"""A DatasetFeatureStatisticsList of TFDV: facts of the containers in the train split, as `container_statistics`."""

CATEGORICAL_FACTS: Final = (features.CODEC, features.PROBE_STATUS)
NUMERIC_FACTS: Final = (features.WIDTH, features.HEIGHT, features.FPS, features.DURATION_S, features.SIZE_BYTES)

_TFX_FILE: Final = "FeatureStats.pb"
_TRAIN: Final = "train"


def read_split_statistics(uri: str, split: str) -> Any:
    """Reads the statistics of one split of the artifact at `uri`."""
    return _read(os.path.join(uri, f"Split-{split}", _TFX_FILE))


def container_statistics(statistics: Any) -> Any:
    """Leaves only facts of containers: names, digests and labels of the training's videos are nobody's business."""
    kept = statistics_pb2.DatasetFeatureStatisticsList()
    for dataset in statistics.datasets:
        found = [feature for feature in dataset.features if name_of(feature) in (*CATEGORICAL_FACTS, *NUMERIC_FACTS)]
        kept.datasets.add(name=dataset.name, num_examples=dataset.num_examples, features=found)
    return kept


def write_training_statistics(model_path: str, uri: str) -> None:
    """Writes what is known of the train split in the statistics artifact at `uri` beside the model at `model_path`."""
    kept = container_statistics(read_split_statistics(uri, _TRAIN))
    write_whole(os.path.join(model_path, STATISTICS_FILE), kept.SerializeToString(deterministic=True))


def read_training_statistics(model_path: str) -> Any | None:
    """Reads them; None of a model that carries none."""
    path = os.path.join(model_path, STATISTICS_FILE)
    return _read(path) if tf.io.gfile.exists(path) else None


def name_of(feature: Any) -> str:
    """The name of a feature's statistics."""
    return feature.name or ".".join(feature.path.step)


def _read(path: str) -> Any:
    with tf.io.gfile.GFile(path, "rb") as file:
        return statistics_pb2.DatasetFeatureStatisticsList.FromString(file.read())
