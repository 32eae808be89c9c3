"""The schemas of the examples, as TensorFlow metadata text protos."""

import importlib.resources


def schema_path(name: str) -> str:
    """The path of `schemas/<name>.pbtxt`."""
    return str(importlib.resources.files(__name__) / f"{name}.pbtxt")
