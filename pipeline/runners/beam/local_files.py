"""Makes Beam find local files whose folders have names like globs."""

import os
from collections.abc import Sequence

from apache_beam.io.filesystem import FileMetadata, MatchResult
from apache_beam.io.localfilesystem import LocalFileSystem

from components.file_patterns import expand


def match_folder_names_literally() -> None:
    """Patches Beam in this process so that folder names are not treated as globs.

    Its sinks and sources look for files with globs that start with an absolute path, and Beam cannot escape characters.
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
    # A named folder is matched too: Beam finds and removes its temporary folder that way.
    return [_metadata(path) for path in expand(pattern) if path == pattern or os.path.isfile(path)]


def _metadata(path: str) -> FileMetadata:
    return FileMetadata(path, os.path.getsize(path), os.path.getmtime(path))
