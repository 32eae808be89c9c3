"""Files that an artifact may lack, as those of earlier versions and of runs that were cut short do."""

from collections.abc import Callable
from typing import TypeVar

import tensorflow as tf

_Content = TypeVar("_Content")


def read_if_there(read: Callable[[str], _Content], path: str) -> _Content | None:
    """What `read` gives of the file at `path`, None where it is not there."""
    return read(path) if tf.io.gfile.exists(path) else None
