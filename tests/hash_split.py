"""The split of one group, by hash."""

import dataclasses

import pyarrow as pa

from components import features
from components.dataset.splitting.columns import TEXT
from components.dataset.splitting.hash_positions import place_by_hash
from components.dataset.splitting.rules import SplitRatios


def assign_split(group: str, ratios: SplitRatios) -> str:
    """Returns the split of a group."""
    return features.SPLITS[place_by_hash(pa.array([group], TEXT), dataclasses.astuple(ratios))[0]]
