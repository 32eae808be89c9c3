"""Listing and pruning of feature caches."""

import concurrent.futures
import dataclasses
import os
import time
from collections.abc import Iterator
from typing import Any

from components import storage
from components.file_patterns import literal, matching
from components.frame_feature_gen.feature_cache import ENTRY_SUFFIX, SETTINGS_FILE
from components.json_files import read_json
from components.whole_files import PARTIAL_SUFFIX

# In a bucket every stat is a network round trip.
_STAT_THREADS = 32
# A write that has not finished after a day never will.
_PARTIAL_AGE_S = 24 * 3600


@dataclasses.dataclass(frozen=True)
class CacheEntry:
    """One file; `written_at` is in seconds since the epoch."""

    path: str
    size_bytes: int
    written_at: float


@dataclasses.dataclass(frozen=True)
class CacheGroup:
    """The entries that were computed with the same settings.

    Attributes:
        fingerprint: of the settings; the folder's name.
        settings: encoder, sampling, crop and everything else that determines the features.
        entries: oldest first.
    """

    fingerprint: str
    settings: dict[str, Any]
    entries: tuple[CacheEntry, ...]

    @property
    def size_bytes(self) -> int:
        """Total bytes of all entries."""
        return sum(entry.size_bytes for entry in self.entries)


def list_fingerprints(folder: str) -> list[str]:
    """Returns the fingerprints of all settings in a feature cache, without reading any entry."""
    return sorted(os.path.basename(os.path.dirname(path)) for path in _settings_files(folder, "*"))


def read_cache(folder: str, fingerprint: str | None = None) -> list[CacheGroup]:
    """Lists a feature cache, or only one fingerprint of it; the settings with the newest entries come first."""
    groups = []
    for path in _settings_files(folder, literal(fingerprint) if fingerprint else "*"):
        group = os.path.dirname(path)
        entries = sorted(_files(group, ENTRY_SUFFIX), key=lambda entry: entry.written_at)
        groups.append(CacheGroup(os.path.basename(group), read_json(path), tuple(entries)))
    return sorted(groups, key=lambda group: -group.entries[-1].written_at if group.entries else 0.0)


def prune_cache(
    folder: str, *, max_bytes: int | None = None, max_age_s: float | None = None, fingerprint: str | None = None
) -> list[CacheEntry]:
    """Removes entries and returns the removed ones; a concurrent run decodes their videos again.

    Args:
        folder: the cache's folder.
        max_bytes: the oldest entries are removed until the rest fits.
        max_age_s: older entries are removed.
        fingerprint: restricts pruning to these settings; without another bound, all their entries are removed.
    """
    now = time.time()
    groups = read_cache(folder, fingerprint)
    entries = sorted((entry for group in groups for entry in group.entries), key=lambda entry: entry.written_at)
    everything = max_bytes is None and max_age_s is None
    kept_bytes = sum(entry.size_bytes for entry in entries)
    removed = []
    for entry in entries:
        too_old = max_age_s is not None and now - entry.written_at > max_age_s
        too_much = max_bytes is not None and kept_bytes > max_bytes
        if everything or too_old or too_much:
            removed.append(entry)
            kept_bytes -= entry.size_bytes
    abandoned = [partial for partial in _files(folder, PARTIAL_SUFFIX) if now - partial.written_at > _PARTIAL_AGE_S]
    with concurrent.futures.ThreadPoolExecutor(_STAT_THREADS) as pool:
        list(pool.map(_remove, [*removed, *abandoned]))
    return removed


def _settings_files(folder: str, fingerprint: str) -> list[str]:
    return matching(folder, f"{fingerprint}/{SETTINGS_FILE}")


def _files(folder: str, suffix: str) -> Iterator[CacheEntry]:
    paths = [
        os.path.join(parent, name)
        for parent, _, names in storage.walk(folder)
        for name in names
        if name.endswith(suffix)
    ]
    with concurrent.futures.ThreadPoolExecutor(_STAT_THREADS) as pool:
        yield from filter(None, pool.map(_stat, paths))


def _stat(path: str) -> CacheEntry | None:
    try:
        stat = storage.stat(path)
    except FileNotFoundError:
        # Another run has renamed or removed it.
        return None
    return CacheEntry(path, stat.length, stat.mtime_nsec / 1e9)


def _remove(entry: CacheEntry) -> None:
    try:
        storage.remove(entry.path)
    except FileNotFoundError:
        return
