"""Shows artifacts as tables."""

import os
from collections.abc import Sequence
from typing import Any

import pandas as pd
import tensorflow as tf

from components.examples import read_records


def examples_table(examples: str, split: str, *, most: int = 5) -> pd.DataFrame:
    """Returns the first tf.Examples in a split of the artifact at `examples`, one column per feature.

    For a feature with several values, the cell holds their number, since there may be 40,960.
    """
    records = read_records(os.path.join(examples, f"Split-{split}", "*")).take(most)
    return pd.DataFrame([_row(tf.train.Example.FromString(record)) for record in records.as_numpy_iterator()])


def _row(example: tf.train.Example) -> dict[str, Any]:
    return {name: _cell(feature) for name, feature in sorted(example.features.feature.items())}


def _cell(feature: tf.train.Feature) -> Any:
    kind = feature.WhichOneof("kind")
    values: Sequence[Any] = getattr(feature, kind).value if kind else ()
    if len(values) != 1:
        return f"{len(values)} values"
    return values[0].decode(errors="replace") if isinstance(values[0], bytes) else values[0]
