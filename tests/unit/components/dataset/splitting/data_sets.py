"""Data sets as columns, drawn by hypothesis or like the DFDC sample."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from components import features
from components.dataset.entries import VideoEntry
from components.dataset.splitting.columns import VideoColumns, collect_columns
from components.dataset.splitting.groups import Groups
from components.dataset.splitting.placing import Placement
from components.dataset.splitting.rules import SplitRatios, SplitRules

REAL, FAKE = features.REAL, features.FAKE
# Groups of the DFDC sample: how many have that many REAL and FAKE videos.
DFDC_SAMPLE: Mapping[tuple[int, int], int] = {
    (0, 1): 106, (0, 2): 39, (1, 0): 35, (1, 1): 32, (0, 3): 11, (0, 4): 8, (1, 2): 8, (0, 5): 2, (1, 6): 1, (0, 6): 1,
    (1, 4): 1,
}  # fmt: skip

ratio_values = st.builds(SplitRatios, *[st.integers(1, 20)] * 3)
_names = st.integers(0, 25).map("v{}.mp4".format)
_uris = st.one_of(_names, st.builds("{}/{}".format, st.sampled_from(["a", "b", "a/c"]), _names))
_official = st.none() | st.sampled_from(["train", "Val", "test", " training"])


@st.composite
def entry_lists(draw: st.DrawFn, official: bool = True) -> list[VideoEntry]:
    """Draws entries of any kind, valid or not, with unique uris."""
    return [
        VideoEntry(
            uri,
            draw(st.sampled_from([REAL, FAKE])),
            tuple(draw(st.lists(_uris, max_size=2, unique=True))),
            group_id=draw(st.none() | st.sampled_from(["g", "h", "v1.mp4"])),
            split=draw(_official) if official else None,
        )
        for uri in draw(st.lists(_uris, min_size=1, max_size=25, unique=True))
    ]


def columns_of(entries: Sequence[VideoEntry], rules: SplitRules = SplitRules()) -> VideoColumns:  # noqa: B008
    return collect_columns([entries[:3], entries[3:]], rules)


def listed_like(kinds: Mapping[tuple[int, int], int]) -> list[VideoEntry]:
    """Returns groups with these numbers of videos; where there is no REAL one, the original is not listed."""
    entries = []
    for (reals, fakes), groups in kinds.items():
        for group in range(groups):
            original = f"r{reals}{fakes}{group}.mp4"
            entries += [VideoEntry(original, REAL)] * reals
            entries += [VideoEntry(f"f{reals}{fakes}{group}_{fake}.mp4", FAKE, (original,)) for fake in range(fakes)]
    return entries


def shuffled(items: Sequence[Any], seed: int) -> list[Any]:
    return random.Random(seed).sample(list(items), len(items))


def split_by_uri(videos: VideoColumns, placement: Placement) -> dict[str, str]:
    return {uri: features.SPLITS[code] for uri, code in zip(videos.uri.to_pylist(), placement.split, strict=True)}


def all_of(values: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.large_string())


def digests_of(contents: Sequence[int]) -> np.ndarray:
    digests = np.zeros((len(contents), 32), np.uint8)
    digests[:, 31] = contents
    return digests


def parts_of(groups: Groups) -> set[frozenset[int]]:
    parts: dict[int, set[int]] = {}
    for row, group in enumerate(groups.of_video.tolist()):
        parts.setdefault(group, set()).add(row)
    return {frozenset(part) for part in parts.values()}
