"""One fixed order of groups in which every stretch has the labels' shares, as nearly as groups allow."""

import numpy as np

# A group with more than the first fraction of a label's videos comes before one with more than the second, and so on.
_COARSE = (4, 8, 16, 32)


def stratified_order(counts: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Orders groups; the order depends on nothing but the groups themselves.

    Two queues, of the groups with more than their share of one label and of those with more of the other, are merged so
    that the counts of both stay as near as possible to the diagonal. In a queue, groups so large that a split could not
    be cut between them come first, so that the end, which is cut finest, has small ones; the others are mixed by their
    counts evenly, and otherwise by hash.

    Args:
        counts: int [groups, 2], videos of each label.
        positions: int64 [groups], of the groups' hashes.

    Returns:
        int64 [groups], the indices in that order.
    """
    totals = np.maximum(counts.sum(axis=0, dtype=np.int64), 1)
    # Exact: how much a group adds to the surplus of the first label over the second, times the product of the totals.
    surplus = counts[:, 0].astype(np.int64) * totals[1] - counts[:, 1].astype(np.int64) * totals[0]
    fineness = np.sum([(counts * parts < totals).all(axis=1) for parts in _COARSE], axis=0, dtype=np.int8)
    queues = [np.flatnonzero(chosen) for chosen in (surplus >= 0, surplus < 0)]
    ordered = [queue[_mixed(counts[queue], fineness[queue], positions[queue])] for queue in queues]
    return _merged(ordered[0], ordered[1], surplus)


def _mixed(counts: np.ndarray, fineness: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Orders by fineness; within, each kind of group (its counts) is spread evenly over the whole."""
    by_kind = np.lexsort((positions, counts[:, 1], counts[:, 0], fineness))
    kinds = np.column_stack([fineness, counts])[by_kind]
    is_first = np.ones(len(kinds), bool)
    is_first[1:] = (kinds[1:] != kinds[:-1]).any(axis=1)
    starts = np.flatnonzero(is_first)
    kind = np.cumsum(is_first) - 1
    members = np.diff(np.append(starts, len(kinds)))[kind]
    place = (np.arange(len(kinds)) - starts[kind] + 0.5) / members if len(kinds) else np.empty(0)
    return by_kind[np.lexsort((positions[by_kind], place, kinds[:, 0]))]


def _merged(one: np.ndarray, other: np.ndarray, surplus: np.ndarray) -> np.ndarray:
    merged = np.empty(len(one) + len(other), np.int64)
    ones, others = surplus[one].tolist(), surplus[other].tolist()
    first = second = now = 0
    takes = np.empty(len(merged), bool)
    for index in range(len(merged)):
        takes_one = second == len(others) or (first < len(ones) and abs(now + ones[first]) <= abs(now + others[second]))
        takes[index] = takes_one
        if takes_one:
            now += ones[first]
            first += 1
        else:
            now += others[second]
            second += 1
    merged[takes], merged[~takes] = one, other
    return merged
