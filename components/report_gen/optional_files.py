"""Reads files that other nodes may have left in their artifacts, on a disk or in a bucket."""

import json
import os
from typing import Any

import tensorflow as tf

from components import json_lines


def read_text(folder: str, name: str) -> str | None:
    """The content of a file, None where it is not there."""
    path = os.path.join(folder, name)
    if not tf.io.gfile.exists(path):
        return None
    with tf.io.gfile.GFile(path) as file:
        return file.read()


def read_json(folder: str, name: str) -> Any | None:
    """The object in a JSON file, None where it is not there."""
    text = read_text(folder, name)
    return None if text is None else json.loads(text)


def read_json_lines(folder: str, name: str) -> list[dict[str, Any]]:
    """The objects of a file with one on each line; none where it is not there."""
    path = os.path.join(folder, name)
    return json_lines.read_json_lines(path) if tf.io.gfile.exists(path) else []
