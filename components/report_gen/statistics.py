"""TFDV's statistics of the video examples, summarised feature by feature."""

import dataclasses
import os
from collections.abc import Callable
from typing import Any

from tensorflow_metadata.proto.v0 import statistics_pb2

from components import features, storage

_FILE = "FeatureStats.pb"


@dataclasses.dataclass(frozen=True)
class FeatureRow:
    """One feature; `splits` holds a text per split, in their order."""

    name: str
    kind: str
    splits: list[str]


def read_statistics(uri: str) -> list[FeatureRow]:
    """Reads all features of the statistics artifact at `uri`, by name."""
    by_split = {split: _read_split(os.path.join(uri, f"Split-{split}")) for split in features.SPLITS}
    names = sorted({name for found in by_split.values() for name in found})
    return [_row(name, [by_split[split].get(name) for split in features.SPLITS]) for name in names]


def _read_split(folder: str) -> dict[str, Any]:
    content = storage.read_bytes(os.path.join(folder, _FILE))
    datasets = statistics_pb2.DatasetFeatureStatisticsList.FromString(content).datasets
    return {_name(feature): feature for dataset in datasets for feature in dataset.features}


def _name(feature: Any) -> str:
    return feature.name or ".".join(feature.path.step)


def _row(name: str, found: list[Any | None]) -> FeatureRow:
    numeric = any(feature is not None and feature.HasField("num_stats") for feature in found)
    describe = _describe_numbers if numeric else _describe_words
    return FeatureRow(name, "number" if numeric else "text", [_told(feature, describe) for feature in found])


def _told(feature: Any | None, describe: Callable[[Any], str]) -> str:
    if feature is None:
        return "absent"
    common = (feature.num_stats if feature.HasField("num_stats") else feature.string_stats).common_stats
    missing = f"; {common.num_missing} missing" if common.num_missing else ""
    return f"{describe(feature)}{missing}" if common.num_non_missing else "absent"


def _describe_numbers(feature: Any) -> str:
    numbers = feature.num_stats
    if numbers.min == numbers.max:
        return _number(numbers.min)
    return f"{_number(numbers.mean)} ({_number(numbers.min)} to {_number(numbers.max)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _describe_words(feature: Any) -> str:
    words = feature.string_stats
    count = words.common_stats.num_non_missing
    if words.unique > 3:
        return f"{words.unique} values"
    return ", ".join(f"{top.value} {top.frequency / count:.0%}" for top in words.top_values[:3])
