"""Processes that import from where this one does, and never from the folder that it happens to be in."""

import importlib
import json
import os
import pathlib
import sys
from typing import Final

_PROJECT: Final = frozenset({"components", "pipeline", "schemas", "configs"})
_START: Final = pathlib.Path(__file__).with_name("isolated_start.py")


def isolated_command(module: str, *arguments: str) -> list[str]:
    """Gives the command that runs a module as `python -m` would, but isolated (`-I`).

    Its process imports this very copy of the project, and else what is on this process's path, but for the current
    folder, which holds whatever the user works on.

    Args:
        module: with its package, `components.some.module`; a library's will do, too.
        arguments: of the module.
    """
    here = os.path.realpath(os.curdir)
    packages = {module.partition(".")[0], *_PROJECT.intersection(sys.modules)}
    start = {
        "path": [str(entry) for entry in sys.path if os.path.isabs(entry) and os.path.realpath(entry) != here],
        "packages": {name: os.path.abspath(importlib.import_module(name).__path__[0]) for name in sorted(packages)},
    }
    # Isolated, Python would not be told of it: names of files would have another encoding there.
    utf8 = f"utf8={sys.flags.utf8_mode}"
    return [sys.executable, "-I", "-X", utf8, str(_START), json.dumps(start), module, *arguments]
