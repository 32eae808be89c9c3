"""Globs over anything that lists its folders: `*`, `?` and `[...]` match no slash, and `\\\\` is a backslash."""

import fnmatch
import re
from collections.abc import Callable, Iterable
from typing import Final

_MAGIC: Final = re.compile(r"[*?\[\\]")
# What `file_patterns.literal` writes: a folder that is named thus need not be listed.
_ESCAPED: Final = re.compile(r"\[([*?\[])\]|\\(\\)")


def find_paths(
    start: str, pattern: str, list_names: Callable[[str], Iterable[str]], exists: Callable[[str], bool]
) -> list[str]:
    """Returns the files and folders that match.

    Args:
        start: where the pattern begins; empty, or with a slash at its end.
        pattern: a glob relative to it.
        list_names: returns the names in a folder, those of folders with a slash at the end; none if it is absent.
        exists: whether there is a file or folder.
    """
    found = [start]
    *folders, last = pattern.split("/")
    for part in folders:
        found = [
            f"{folder}{name}/" for folder in found for name in _matching(folder, part, list_names, only_folders=True)
        ]
    if (name := _literal(last)) is not None:
        return [path for path in (f"{folder}{name}" for folder in found) if exists(path)]
    return [f"{folder}{name}" for folder in found for name in _matching(folder, last, list_names)]


def _matching(
    folder: str, part: str, list_names: Callable[[str], Iterable[str]], *, only_folders: bool = False
) -> list[str]:
    if (name := _literal(part)) is not None:
        return [name]
    # As in a shell, ^ negates, too.
    matches = re.compile(fnmatch.translate(part.replace(r"\\", r"[\]").replace("[^", "[!"))).match
    return [
        name.rstrip("/")
        for name in list_names(folder)
        if (name.endswith("/") or not only_folders) and matches(name.rstrip("/"))
    ]


def _literal(part: str) -> str | None:
    """Returns the only name that this part of a pattern matches; None if there may be several."""
    return None if _MAGIC.search(_ESCAPED.sub("", part)) else _ESCAPED.sub(lambda sign: sign[1] or sign[2], part)
