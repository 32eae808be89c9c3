"""Shows a data set as tables."""

import os
import posixpath

import pandas as pd

from components import features, storage
from components.dataset.sources import read_dataset
from components.file_names import nfc
from pipeline.inputs.paths import find_videos

_OWN_COLUMNS = ("label", "original", "missing")


def dataset_table(data_root: str, manifest: str = "") -> pd.DataFrame:
    """Returns the metadata of each video.

    Args:
        data_root: folder or bucket with a metadata.json, or with subfolders that each have one.
        manifest: table that lists the videos instead.

    Returns:
        One row per video, indexed by its path relative to the data root: `label` (REAL or FAKE), `original` (None if
        there is none; several with `;` between), `missing` (bool, whether it is listed but does not exist), and each
        other column of the data set as text, named meta/<column> if its name is one of these.

    Raises:
        UserError: as `read_dataset`.
    """
    dataset = read_dataset(data_root, manifest)
    entries = list(dataset.entries)
    missing = set(dataset.missing)
    rows = [
        {"label": entry.label, "original": ";".join(entry.originals) or None, "missing": entry.uri in missing}
        | {f"meta/{key}" if key in _OWN_COLUMNS else key: value for key, value in entry.meta.items()}
        for entry in entries
    ]
    return pd.DataFrame(rows, index=pd.Index([entry.uri for entry in entries], name="video"))


def fakes_by_original(table: pd.DataFrame) -> pd.Series:
    """Returns the number of fakes by the original's plain file name, most first; 0 for a real video without fakes.

    Args:
        table: as returned by `dataset_table`.
    """
    counts = _originals(table).value_counts()
    reals = _plain_names(table.index[table["label"] == features.REAL])
    return counts.reindex(counts.index.union(reals.unique()), fill_value=0).sort_values(ascending=False, kind="stable")


def family_of(table: pd.DataFrame, original: str) -> pd.Index:
    """Returns the existing videos of a `dataset_table` that show one original: itself, if listed, then its fakes.

    Args:
        table: as returned by `dataset_table`.
        original: plain file name of the original, as in the column `original`.
    """
    there = table[~table["missing"]]
    is_original = (_plain_names(there.index) == nfc(original)).tolist()
    return there.index[is_original].append(there.index[_originals(there) == nfc(original)])


def unlabelled_table(folder: str) -> pd.DataFrame:
    """Returns the videos below a folder, which needs no metadata.json, by relative path, with `size_mb` (1e6 bytes).

    Raises:
        UserError: if it does not exist, or holds no videos.
    """
    videos = find_videos([folder])
    names = pd.Index([os.path.relpath(video, folder) for video in videos], name="video")
    return pd.DataFrame({"size_mb": [storage.stat(video).length / 1e6 for video in videos]}, index=names)


def _plain_names(videos: pd.Index) -> pd.Index:
    return videos.map(lambda uri: nfc(posixpath.basename(uri)))


def _originals(table: pd.DataFrame) -> pd.Series:
    return table["original"].map(nfc, na_action="ignore")
