"""Names videos that occur more than once."""

import dataclasses

import pyarrow as pa

from components import features
from components.dataset.split_plan import SplitPlan
from components.dataset.splitting.columns import LABEL_NAMES, VideoColumns


@dataclasses.dataclass(frozen=True)
class DuplicateVideos:
    """Videos with the same bytes, and their labels and splits."""

    uris: tuple[str, ...]
    labels: tuple[str, ...]
    splits: tuple[str, ...]


def name_duplicates(videos: VideoColumns, plan: SplitPlan) -> list[DuplicateVideos]:
    """Returns each set of byte-identical videos."""
    return [
        DuplicateVideos(
            uris=tuple(videos.uri.take(pa.array(rows)).to_pylist()),
            labels=tuple(sorted({LABEL_NAMES[code] for code in videos.label[rows] if code >= 0})),
            splits=tuple(sorted({features.SPLITS[code] for code in plan.placement.split[rows]})),
        )
        for rows in plan.equal
    ]
