"""Finds videos whose original is no original itself."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components import features
from components.dataset.entries import show
from components.dataset.splitting.columns import LABEL_NAMES, VideoColumns
from components.dataset.splitting.texts import file_names, folders, joined, mask, nfc, rows_of


def original_faults(videos: VideoColumns, unknown: str) -> Iterator[tuple[int, str]]:
    """Finds videos whose original is not an original itself, since then two groups would share footage.

    An original with `/` is the video of that path. A bare name is looked up in the video's own folder, then in all
    others; it need not exist.

    Args:
        videos: the data set.
        unknown: what is written where the original is unknown.

    Yields:
        The row and what is wrong with it.
    """
    owner = pc.list_parent_indices(videos.originals).to_numpy()
    original = pc.list_flatten(videos.originals)
    if not len(original):
        return
    has_original = np.zeros(len(videos), bool)
    has_original[owner] = True
    is_good = (videos.label != LABEL_NAMES.index(features.FAKE)) & ~has_original
    is_path = pc.match_substring(original, "/")
    place = pc.if_else(is_path, original, joined(folders(videos.uri.take(pa.array(owner))), original))
    target = rows_alike(place, videos.uri)
    bare = np.flatnonzero((target < 0) & ~mask(is_path))
    if len(bare):
        target[bare] = _anywhere(original.take(pa.array(bare)), file_names(videos.uri), is_good)
    for index in np.flatnonzero((target >= 0) & ~is_good[target]):
        row, other = int(owner[index]), int(target[index])
        there = videos.uri[other].as_py()
        if other == row:
            fault = f"is the video itself; name the real video, or {unknown}"
        elif not has_original[other] or videos.label[other] == LABEL_NAMES.index(features.FAKE):
            fault = f"is itself FAKE in {show(there)}; name the real video, or {unknown} where it is unknown"
        else:
            fault = f"has an original itself, {show(videos.originals[other][0].as_py())}; name that one here"
        yield row, f"original {show(original[index].as_py())} {fault}"


def rows_alike(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Returns int64 [n], where each value occurs first in `among`, or else one that looks alike; -1 for neither."""
    found = rows_of(values, among)
    left = np.flatnonzero(found < 0)
    if len(left):
        found[left] = rows_of(nfc(values.take(pa.array(left))), nfc(among))
    return found


def _anywhere(names: pa.Array, there: pa.Array, is_good: np.ndarray) -> np.ndarray:
    """Returns the row of a good video of each name, else of any; -1 where there is none."""
    good = np.flatnonzero(is_good)
    found = rows_alike(names, there.take(pa.array(good)))
    rows = np.where(found >= 0, good[found] if len(good) else -1, -1)
    left = np.flatnonzero(rows < 0)
    if len(left):
        rows[left] = rows_alike(names.take(pa.array(left)), there)
    return rows
