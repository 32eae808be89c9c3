"""Child processes with this process's import path, which never import from the current folder."""

import importlib
import json
import os
import pathlib
import sys
from typing import Final

_PROJECT: Final = frozenset({"components", "pipeline", "schemas", "configs"})
_START: Final = pathlib.Path(__file__).with_name("isolated_start.py")


def isolated_command(module: str, *arguments: str) -> list[str]:
    """Returns the command that runs a module like `python -m`, but isolated (`-I`).

    The process imports this very copy of the project, and otherwise uses this process's path, except for the current
    folder, which may hold any files of the user.

    Args:
        module: its full name, such as `components.some.module`; a library's module works, too.
        arguments: passed to the module.
    """
    here = os.path.realpath(os.curdir)
    packages = {module.partition(".")[0], *_PROJECT.intersection(sys.modules)}
    start = {
        "path": [str(entry) for entry in sys.path if os.path.isabs(entry) and os.path.realpath(entry) != here],
        "packages": {name: os.path.abspath(importlib.import_module(name).__path__[0]) for name in sorted(packages)},
    }
    # In isolated mode Python ignores PYTHONUTF8, which would change the encoding of file names.
    utf8 = f"utf8={sys.flags.utf8_mode}"
    return [sys.executable, "-I", "-X", utf8, str(_START), json.dumps(start), module, *arguments]
