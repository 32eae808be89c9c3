"""Expands the paths that a user passes to videos."""

import os
from collections.abc import Iterable

from components import storage
from components.dataset.folder import videos_below
from components.errors import UserError
from components.file_patterns import expand


def find_videos(paths: Iterable[str]) -> list[str]:
    """Returns each video once, in the order of `paths`, sorted within a folder.

    Args:
        paths: files, globs or folders, local or in buckets. A folder stands for all files below it, except hidden ones
            and json, csv, txt and md. A path that exists is not treated as a glob, and neither is a leading folder that
            exists.

    Raises:
        UserError: if a path does not exist or contains no videos.
    """
    return list(dict.fromkeys(video for path in paths for video in _videos(path)))


def _videos(path: str) -> list[str]:
    try:
        if storage.isdir(path):
            found = sorted(videos_below(path))
            if not found:
                raise UserError(f"{path}: the folder holds no videos; name one that does")
            return found
        matches = expand(path)
        if matches == [path]:
            return matches
    except OSError as error:
        raise UserError(f"{path}: cannot be reached ({error.strerror}); check the address and your access") from error
    if not matches:
        raise UserError(f"{path}: no such file or folder; correct the path")
    shown = [match for match in matches if not os.path.basename(match).startswith(".")]
    return [video for match in shown for video in (sorted(videos_below(match)) if storage.isdir(match) else [match])]
