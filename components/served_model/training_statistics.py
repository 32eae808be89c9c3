"""Statistics of the training videos that are published with a pushed model."""

import os
from typing import Any, Final

from tensorflow_metadata.proto.v0 import statistics_pb2

from components import features, storage
from components.whole_files import write_whole

STATISTICS_FILE: Final = "assets.extra/training_statistics.pb"
"""A DatasetFeatureStatisticsList of TFDV: the `container_statistics` of the train split."""

CATEGORICAL_FACTS: Final = (features.CODEC, features.PROBE_STATUS)
NUMERIC_FACTS: Final = (features.WIDTH, features.HEIGHT, features.FPS, features.DURATION_S, features.SIZE_BYTES)

_TFX_FILE: Final = "FeatureStats.pb"
_TRAIN: Final = "train"


def read_split_statistics(uri: str, split: str) -> Any:
    """Reads the statistics of one split of the artifact at `uri`."""
    return _read(os.path.join(uri, f"Split-{split}", _TFX_FILE))


def container_statistics(statistics: Any) -> Any:
    """Keeps only container facts: names, digests and labels of the training videos must not be published."""
    kept = statistics_pb2.DatasetFeatureStatisticsList()
    for dataset in statistics.datasets:
        found = [feature for feature in dataset.features if name_of(feature) in (*CATEGORICAL_FACTS, *NUMERIC_FACTS)]
        kept.datasets.add(name=dataset.name, num_examples=dataset.num_examples, features=found)
    return kept


def write_training_statistics(model_path: str, uri: str) -> None:
    """Writes the train split's `container_statistics`, from the artifact at `uri`, to the model at `model_path`."""
    kept = container_statistics(read_split_statistics(uri, _TRAIN))
    write_whole(os.path.join(model_path, STATISTICS_FILE), kept.SerializeToString(deterministic=True))


def read_training_statistics(model_path: str) -> Any | None:
    """Reads the output of `write_training_statistics`; None if the model has none."""
    path = os.path.join(model_path, STATISTICS_FILE)
    return _read(path) if storage.exists(path) else None


def name_of(feature: Any) -> str:
    """Returns the name of the feature that the statistics describe."""
    return feature.name or ".".join(feature.path.step)


def _read(path: str) -> Any:
    return statistics_pb2.DatasetFeatureStatisticsList.FromString(storage.read_bytes(path))
