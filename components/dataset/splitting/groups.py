"""Finds the groups of videos that share footage: they are never divided among splits."""

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse import csgraph

from components.dataset.entries import show
from components.dataset.splitting.columns import VideoColumns
from components.dataset.splitting.rules import BY_FOLDER, BY_ORIGINAL, META
from components.dataset.splitting.texts import file_names, folders, joined, mask, nfc, rows_of
from components.errors import UserError


@dataclasses.dataclass(frozen=True)
class Groups:
    """A partition of n videos.

    Attributes:
        of_video: int32 [n], index of each video's group.
        names: the `group_id` of each group as text, unique, sorted, in Unicode composed form (NFC).
    """

    of_video: np.ndarray
    names: pa.Array

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.names)

    def names_by_video(self) -> pa.Array:
        """Returns the `group_id` of each video."""
        return self.names.take(pa.array(self.of_video))


def connected_groups(videos: VideoColumns, group_by: str) -> Groups:
    """Groups videos by the connected parts of what they share, whatever their order.

    A video is connected with each of its originals, always. An original with `/` is the video of that uri; a bare name
    is the video of that name in the same folder. What is not there stands for every video of that file name, and
    connects all that name it. Besides, videos are connected

    - by `original`: with the group that the data set names; without one, and without an original, with all videos of
      the same file name, so that adding a folder never moves a video to another group;
    - by `folder` or `meta/<column>`: with all videos of the same folder or value.

    The name of a group is the smallest that the data set gives it (or the folder, or the value), else the smallest file
    name of its originals. Names that look alike are the same.

    Raises:
        UserError: if a video lacks the column that `group_by` names.
    """
    uris = nfc(videos.uri)
    listed = uris.dictionary_encode()
    video, names = listed.indices.to_numpy(), file_names(uris)
    owner = pc.list_parent_indices(videos.originals).to_numpy()
    original = nfc(pc.list_flatten(videos.originals))
    beside = joined(folders(uris.take(pa.array(owner))), original)
    target = rows_of(pc.if_else(pc.match_substring(original, "/"), original, beside), listed.dictionary)
    is_there = target >= 0
    absent = file_names(original.filter(pa.array(~is_there)))
    by_name = mask(pc.is_in(names, value_set=absent))
    if group_by == BY_ORIGINAL:
        has_group = mask(videos.group_id.is_valid())
        is_original = np.zeros(len(listed.dictionary), bool)
        is_original[target[is_there]] = True
        by_name |= ~has_group & (is_original[video] | ~np.isin(np.arange(len(videos)), owner))
        given = nfc(videos.group_id.drop_null()).dictionary_encode()
    else:
        has_group = np.ones(len(videos), bool)
        given = _values(videos, group_by).dictionary_encode()
    named = pa.concat_arrays([absent, names.filter(pa.array(by_name))]).dictionary_encode()

    # The vertices: videos, then the groups that are given, then the names of files.
    first_group = len(listed.dictionary)
    first_name = first_group + len(given.dictionary)
    edges = [
        (video[owner[is_there]], target[is_there]),
        (video[has_group], first_group + given.indices.to_numpy()),
        (np.concatenate([video[owner[~is_there]], video[by_name]]), first_name + named.indices.to_numpy()),
    ]
    if group_by == BY_ORIGINAL:
        # A group that is called like a file is that file's.
        same = rows_of(given.dictionary, named.dictionary)
        edges.append((first_group + np.flatnonzero(same >= 0), first_name + same[same >= 0]))
    part = _connected_parts(edges, first_name + len(named.dictionary))
    is_file = np.arange(first_group, len(part)) >= first_name
    return _with_names(part[video], part[first_group:], is_file, [given.dictionary, named.dictionary])


def join_groups(groups: Groups, rows: np.ndarray, digests: np.ndarray) -> tuple[Groups, list[np.ndarray]]:
    """Joins the groups of byte-identical videos; a joined group keeps the smallest of the names.

    Args:
        groups: as `connected_groups` returns them.
        rows: int [m], unique: the videos whose content is known, in any order.
        digests: uint8 [m, 32], the SHA-256 of each.

    Returns:
        The groups, and the rows, ascending, of each set of two or more byte-identical videos.
    """
    order = np.argsort(rows)
    rows, digests = np.asarray(rows)[order], np.ascontiguousarray(digests[order])
    start = digests[:, :8].copy().view(np.uint64).ravel()
    _, index, counts = np.unique(start, return_inverse=True, return_counts=True)
    candidates = np.flatnonzero(counts[index] > 1)
    equal: dict[bytes, list[int]] = {}
    for candidate in candidates:
        equal.setdefault(digests[candidate].tobytes(), []).append(int(rows[candidate]))
    repeated = [np.array(same) for same in equal.values() if len(same) > 1]
    if not repeated:
        return groups, []
    edges = [(groups.of_video[same[:-1]], groups.of_video[same[1:]]) for same in repeated]
    part = _connected_parts(edges, len(groups))
    return _with_names(part[groups.of_video], part, np.zeros(len(part), bool), [groups.names]), repeated


def _values(videos: VideoColumns, group_by: str) -> pa.Array:
    if group_by == BY_FOLDER:
        return nfc(folders(videos.uri))
    if videos.grouped_by.null_count:
        key = group_by.removeprefix(META)
        lacking = np.flatnonzero(~mask(videos.grouped_by.is_valid()))
        more = f" (nor have {len(lacking) - 1:,} others)" if len(lacking) > 1 else ""
        raise UserError(
            f"split.group_by={group_by!r}: {show(videos.uri[lacking[0]].as_py())} has no {key!r}{more} "
            f"(available: {', '.join(META + name for name in videos.meta_columns) or 'none'}); "
            "add it, or type --set split.group_by=original"
        )
    return nfc(videos.grouped_by)


def _connected_parts(edges: list[tuple[np.ndarray, np.ndarray]], vertices: int) -> np.ndarray:
    """Returns int32 [vertices], the part of each."""
    one, other = (np.concatenate(side) for side in zip(*edges, strict=True))
    graph = sparse.coo_matrix((np.ones(len(one), np.int8), (one, other)), (vertices, vertices))
    return csgraph.connected_components(graph, directed=False)[1]


def _with_names(of_video: np.ndarray, of_name: np.ndarray, is_second: np.ndarray, names: list[pa.Array]) -> Groups:
    """Names each part by its smallest name that is not of the second kind, if there is one; orders parts by name."""
    texts = pa.concat_arrays(names)
    rank = np.empty(len(texts), np.int64)
    rank[pc.array_sort_indices(texts).to_numpy()] = np.arange(len(texts))
    by_part = np.lexsort((rank, is_second, of_name))
    parts, first = np.unique(of_name[by_part], return_index=True)
    chosen = by_part[first]
    by_rank = np.argsort(rank[chosen])
    index = np.empty(parts[-1] + 1 if len(parts) else 0, np.int32)
    index[parts[by_rank]] = np.arange(len(parts))
    return Groups(index[of_video], texts.take(pa.array(chosen[by_rank])))
