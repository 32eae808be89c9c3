"""Globs with a literal folder part, even if its name contains brackets, stars or question marks."""

import os
import re
from typing import Final

from components import storage
from components.errors import UserError

_GLOB: Final = re.compile(r"[*?\[]")
_SIGNS: Final = re.compile(r"[*?\[\\]")


def has_glob_characters(path: str) -> bool:
    """Whether `path` contains characters that are special in a glob."""
    return bool(_SIGNS.search(path))


def literal(path: str) -> str:
    """Returns the TensorFlow glob that matches only `path`."""
    # A backslash escapes even within brackets.
    return _SIGNS.sub(lambda sign: r"\\" if sign.group() == "\\" else f"[{sign.group()}]", path)


def matching(folder: str, pattern: str) -> list[str]:
    """Returns the sorted paths in a folder, local or in a bucket, that match a relative glob; none if it is absent.

    Args:
        folder: taken literally; empty for the current one.
        pattern: a glob whose `*` and `?` do not match `/`.

    Raises:
        UserError: if a name is not UTF-8.
    """
    try:
        found = storage.glob(os.path.join(literal(folder), pattern))
    except UnicodeDecodeError as error:
        # TensorFlow cannot list a folder that contains such a name.
        where = folder or os.curdir
        raise UserError(f"{where}: the name {error.object!r} is not UTF-8; rename the file, or remove it") from error
    here = "" if folder.startswith("./") else "./"
    return sorted(path.removeprefix(here) for path in found)


def expand(path: str) -> list[str]:
    """Returns the sorted paths that `path` refers to, where folder names and glob characters are ambiguous.

    A path that exists as written is taken literally, and so is an existing leading folder of it. A backslash is always
    literal.

    Raises:
        UserError: see `matching`.
    """
    start = 0
    for slash in re.finditer(r"/|\Z", path):
        if _GLOB.search(path, start, slash.start()) and not storage.exists(path[: slash.start()]):
            return matching(path[:start], path[start:].replace("\\", r"\\"))
        start = slash.end()
    return [path] if storage.exists(path) else []


def require_no_glob_characters(key: str, folder: str) -> None:
    """Rejects a folder that the code listing its files would read as a glob, and so not find.

    Args:
        key: the config key or the option that names it.
        folder: the folder.

    Raises:
        UserError: naming the special character.
    """
    if sign := _SIGNS.search(folder):
        raise UserError(
            f"{key}={folder!r}: {sign.group()} stands for other signs where this is run; "
            "name a folder without * ? [ and \\"
        )
