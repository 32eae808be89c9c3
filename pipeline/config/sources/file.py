"""Reads the file of a config."""

import dataclasses
import os
from typing import Any, Final

import configs
from components.errors import UserError
from components.printable import printable
from pipeline.config.sources.values import Plain, short, typed
from pipeline.config.sources.yaml import InvalidYamlError, KeyPath, parse_yaml

EXTENDS: Final = "extends"
"""The key of a file that names another one whose settings it changes."""

_MAX_BYTES: Final = 1 << 20
_KINDS: Final = {list: "a list", type(None): "empty"}


@dataclasses.dataclass(frozen=True)
class ConfigFile:
    """The contents of a config file.

    Attributes:
        path: path of the file.
        content: values converted to the types of their keys; None stands for the default.
        lines: line number of each key, from 1.
        extends: the config whose settings these change, as the file names it.
    """

    path: str
    content: dict[str, Any]
    lines: dict[KeyPath, int]
    extends: str | None = None

    def place(self, key: KeyPath) -> str:
        """Returns the file and line of a key."""
        line = self.lines.get(key)
        return self.path if line is None else f"{self.path}:{line}"


def read_config_files(source: str, kind: type[Any]) -> list[ConfigFile]:
    """Reads a config file and those that it extends, the last of which comes first.

    Args:
        source: a YAML file, or the name of one in the package's `configs`.
        kind: the config class.

    Raises:
        UserError: one line with file and line number, if a file cannot be read, is not valid YAML, or extends itself.
    """
    files: list[ConfigFile] = []
    paths: list[str] = []
    where, beside = "--config", ""
    while True:
        path = _find(source, where, beside)
        if os.path.realpath(path) in paths:
            raise UserError(f"{where}: {short(repr(source))} extends itself; remove the key {EXTENDS} from one file")
        files.insert(0, _read_config_file(path, kind))
        paths.append(os.path.realpath(path))
        if files[0].extends is None:
            return files
        source, where, beside = files[0].extends, f"{files[0].place((EXTENDS,))}: {EXTENDS}", os.path.dirname(path)


def _read_config_file(path: str, kind: type[Any]) -> ConfigFile:
    text = _read(path)
    try:
        document = parse_yaml(text)
    except InvalidYamlError as error:
        raise UserError(f"{printable(path)}:{error.line}: {error.problem}; correct the file") from error
    if not isinstance(document.content, dict):
        found = "a word" if isinstance(document.content, str | Plain) else _KINDS[type(document.content)]
        raise UserError(f"{printable(path)}: must be a mapping of sections, is {found}; see configs/demo.yaml")
    extends = typed(document.content.pop(EXTENDS, None), str)
    if not isinstance(extends, str | None):
        place = f"{printable(path)}:{document.lines[EXTENDS,]}"
        raise UserError(
            f"{place}: {EXTENDS} must name one config, a file or one of {', '.join(configs.config_names())}"
        )
    return ConfigFile(printable(path), typed(document.content, kind), document.lines, extends)


def _find(source: str, where: str, beside: str) -> str:
    """Returns the path of a config that is named at a place, in a file of the folder `beside`."""
    for path in (os.path.join(beside, source), str(configs.config_path(source))):
        if os.path.isfile(path):
            return path
    folder = os.path.isdir(os.path.join(beside, source))
    neither = "is a folder, and no file and none" if folder else "is neither a file nor one"
    raise UserError(f"{where}: {short(repr(source))} {neither} of {', '.join(configs.config_names())}")


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{printable(path)}: cannot be read ({error.strerror}); give another --config") from error
    if len(content) > _MAX_BYTES:
        raise UserError(f"{printable(path)}: is larger than any config; give a YAML file of {_MAX_BYTES} bytes at most")
    try:
        # Windows editors write a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{printable(path)}:{line}: not UTF-8 (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        ) from error
