"""The configs that come with the package."""

import importlib.resources
import pathlib

_FOLDER = pathlib.Path(str(importlib.resources.files(__name__)))


def config_names() -> list[str]:
    """The names that `--config` takes beside files."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def config_path(name: str) -> pathlib.Path:
    """The path of the config with this name, whether it is there or not."""
    return _FOLDER / f"{name}.yaml"
