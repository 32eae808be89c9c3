"""Runs a module for `isolated_command`; the first code of its process, so it imports nothing from the project."""

import importlib.util
import json
import runpy
import sys


def start(described: str, module: str, *arguments: str) -> None:
    """Runs a module as `__main__`.

    Args:
        described: JSON with the `path` to import from, and the folders of the project's `packages`, by name.
        module: its full name.
        arguments: passed to the module.
    """
    given = json.loads(described)
    sys.path[:] = dict.fromkeys([*given["path"], *sys.path])
    for name, folder in given["packages"].items():
        _import_from(folder, name)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _import_from(folder: str, name: str) -> None:
    spec = importlib.util.spec_from_file_location(name, f"{folder}/__init__.py", submodule_search_locations=[folder])
    assert spec is not None, "the folder is a package's"
    assert spec.loader is not None, "a package has a loader"
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)


if __name__ == "__main__":
    start(*sys.argv[1:])
