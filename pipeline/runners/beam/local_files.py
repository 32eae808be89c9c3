"""How Beam finds files on this machine."""

import os
from collections.abc import Sequence

from apache_beam.io.filesystem import FileMetadata, MatchResult
from apache_beam.io.localfilesystem import LocalFileSystem

from components.file_patterns import expand


def take_folders_literally() -> None:
    """Has Beam, in this process, take for no glob what is a folder's name.

    Its sinks and sources look for files by globs that begin with an absolute path, and it knows no way to quote signs.
    """
    LocalFileSystem.match = _match


def _match(
    self: LocalFileSystem, patterns: Sequence[str], limits: Sequence[int | None] | None = None
) -> list[MatchResult]:
    del self
    return [
        MatchResult(pattern, _found(pattern)[:limit])
        for pattern, limit in zip(patterns, limits or [None] * len(patterns), strict=True)
    ]


def _found(pattern: str) -> list[FileMetadata]:
    # A folder that is named is found, too: in this way Beam removes its own when it has written all.
    return [_metadata(path) for path in expand(pattern) if path == pattern or os.path.isfile(path)]


def _metadata(path: str) -> FileMetadata:
    return FileMetadata(path, os.path.getsize(path), os.path.getmtime(path))
