"""The schemas of the examples, as TensorFlow metadata text protos."""

import importlib.resources


def schema_text(name: str) -> str:
    """The content of `schemas/<name>.pbtxt`."""
    return (importlib.resources.files(__name__) / f"{name}.pbtxt").read_text()
