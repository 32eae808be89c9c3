"""Globs in which a folder is taken as it is written, be there brackets, stars or question marks in its name."""

import os
import re
from typing import Final

from components.errors import UserError

_GLOB: Final = re.compile(r"[*?\[]")
_SIGNS: Final = re.compile(r"[*?\[\\]")


def holds_sign(path: str) -> bool:
    """Whether a glob would read a sign in `path` as something else than itself."""
    return bool(_SIGNS.search(path))


def literal(path: str) -> str:
    """The glob, as TensorFlow reads it, that matches `path` and nothing else."""
    # Within brackets a backslash would still escape what follows it.
    return _SIGNS.sub(lambda sign: r"\\" if sign.group() == "\\" else f"[{sign.group()}]", path)


def matching(folder: str, pattern: str) -> list[str]:
    """The paths below a folder, local or in a bucket, that match a glob relative to it, sorted; none if it is absent.

    Args:
        folder: as it is written; empty for the current one.
        pattern: of which `*` and `?` do not stand for `/`.

    Raises:
        UserError: if a name is not UTF-8.
    """
    # Imported late, so that reading a config does not load TensorFlow.
    import tensorflow as tf

    try:
        found = tf.io.gfile.glob(os.path.join(literal(folder), pattern))
    except UnicodeDecodeError as error:
        # TensorFlow cannot list a folder with such a name.
        where = folder or os.curdir
        raise UserError(f"{where}: the name {error.object!r} is not UTF-8; rename the file, or remove it") from error
    here = "" if folder.startswith("./") else "./"
    return sorted(path.removeprefix(here) for path in found)


def expand(path: str) -> list[str]:
    """The paths, sorted, that are meant by one in which a folder's name and a glob cannot be told apart.

    What is there under the very name that is written is no glob, and nor is a leading folder of it. A backslash is
    itself.

    Raises:
        UserError: as `matching`.
    """
    import tensorflow as tf

    start = 0
    for slash in re.finditer(r"/|\Z", path):
        if _GLOB.search(path, start, slash.start()) and not tf.io.gfile.exists(path[: slash.start()]):
            return matching(path[:start], path[start:].replace("\\", r"\\"))
        start = slash.end()
    return [path] if tf.io.gfile.exists(path) else []


def require_plain(key: str, folder: str) -> None:
    """Refuses a folder that would be read as a glob by what lists its files, so that they would not be found.

    Args:
        key: of the config, or the option, that names it.
        folder: that is named.

    Raises:
        UserError: naming the sign.
    """
    if sign := _SIGNS.search(folder):
        raise UserError(
            f"{key}={folder!r}: {sign.group()} stands for other signs where this is run; "
            "name a folder without * ? [ and \\"
        )
