"""Listing and pruning of feature caches."""

import concurrent.futures
import dataclasses
import json
import os
import re
import time
from collections.abc import Iterator
from typing import Any, Final

from components import storage
from components.errors import UserError
from components.file_faults import reason
from components.frame_feature_gen.feature_cache import ENTRY_SUFFIX, SETTINGS_FILE
from components.notices import notify
from components.regular_files import read_regular_file
from components.uris import is_remote
from components.whole_files import PARTIAL_SUFFIX

_FINGERPRINT: Final = re.compile("[0-9a-f]{16}")

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
        settings: encoder, sampling, crop and everything else that determines the features; empty if they are unknown.
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
    try:
        names = [name.rstrip("/") for name in storage.listdir(folder)]
    except FileNotFoundError:
        return []
    return sorted(name for name in names if _FINGERPRINT.fullmatch(name) and storage.isdir(os.path.join(folder, name)))


def read_cache(folder: str, fingerprint: str | None = None) -> list[CacheGroup]:
    """Lists a feature cache, or only one fingerprint of it; the settings with the newest entries come first."""
    groups = []
    for name in list_fingerprints(folder) if fingerprint is None else [fingerprint]:
        group = os.path.join(folder, name)
        entries = sorted(_files(group, ENTRY_SUFFIX), key=lambda entry: entry.written_at)
        groups.append(CacheGroup(name, _read_settings(group), tuple(entries)))
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

    Raises:
        UserError: if some cannot be removed; the others are.
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
        refused = list(filter(None, pool.map(_remove, [*removed, *abandoned])))
    if refused:
        raise UserError(f"{refused[0]}; {len(refused)} files stay, so correct the permissions of the cache's folders")
    return removed


def _read_settings(group: str) -> dict[str, Any]:
    path = os.path.join(group, SETTINGS_FILE)
    try:
        settings = json.loads(storage.read_bytes(path) if is_remote(path) else read_regular_file(path))
        if not isinstance(settings, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        # The entries are as good without it.
        notify(f"{path}: cannot be read ({error}); the next run that adds to these entries writes it anew")
        return {}
    return settings


def _files(folder: str, suffix: str) -> Iterator[CacheEntry]:
    # That of `storage` would follow links, also to the folder itself, and end where it may not look.
    walked = storage.walk(folder) if is_remote(folder) else os.walk(folder, onerror=_tell_unseen)
    names = (os.path.join(parent, name) for parent, _, names in walked for name in names if name.endswith(suffix))
    paths = [path for path in names if is_remote(path) or os.path.isfile(path)]
    with concurrent.futures.ThreadPoolExecutor(_STAT_THREADS) as pool:
        yield from filter(None, pool.map(_stat, paths))


def _tell_unseen(error: OSError) -> None:
    notify(f"{error.filename}: {reason(error)}; what is in it is not counted")


def _stat(path: str) -> CacheEntry | None:
    try:
        stat = storage.stat(path)
    except FileNotFoundError:
        # Another run has renamed or removed it.
        return None
    return CacheEntry(path, stat.length, stat.mtime_nsec / 1e9)


def _remove(entry: CacheEntry) -> str | None:
    """Removes a file; returns what refuses that."""
    try:
        storage.remove(entry.path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{entry.path}: cannot be removed ({reason(error)})"
    return None
