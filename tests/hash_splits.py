"""Where videos go by hash, for tests that need some in each split."""

import dataclasses

import pyarrow as pa

from components import features
from components.dataset.splitting.hash_positions import place_by_hash
from components.dataset.splitting.rules import SplitRatios


def split_by_hash(group: str, ratios: SplitRatios = SplitRatios()) -> str:  # noqa: B008
    return features.SPLITS[place_by_hash(pa.array([group]), dataclasses.astuple(ratios))[0]]
