"""Parses YAML without guessing types: unquoted scalars stay text until the type of their key is known."""

import dataclasses
from typing import Any, Final, TypeAlias

import yaml

from pipeline.config.sources.values import Plain, short

KeyPath: TypeAlias = tuple[str, ...]
_MAX_VALUES: Final = 10_000
_MAX_DEPTH: Final = 30
_TOO_DEEP: Final = f"is nested too deeply; a config has {_MAX_DEPTH} levels at most"
_MERGED: Final = "<<"
_TAG: Final = "tag:yaml.org,2002:"


class InvalidYamlError(Exception):
    """A text is not valid YAML, or not a valid config.

    Attributes:
        problem: the message, on one line.
        line: line number, from 1.
    """

    def __init__(self, problem: str, line: int = 1) -> None:
        super().__init__(problem)
        self.problem = short(problem)
        self.line = line


@dataclasses.dataclass
class Document:
    """A parsed YAML text.

    Attributes:
        content: dicts, lists, quoted text as str, and `Plain`; None for an empty text.
        lines: line number of each mapping key, from 1.
    """

    content: Any = None
    lines: dict[KeyPath, int] = dataclasses.field(default_factory=dict)


def parse_yaml(text: str) -> Document:
    """Reads one YAML document.

    Raises:
        InvalidYamlError: if the text is not YAML, or contains what a config must not: two documents, a duplicate key,
            tags, or excessive nesting or aliases.
    """
    try:
        return _Reader().read(yaml.compose(text, Loader=yaml.BaseLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InvalidYamlError(f"not YAML ({error.problem or error.context})", mark.line + 1 if mark else 1) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InvalidYamlError(f"not YAML (the character U+{error.character:04X} is not allowed)", line) from error
    except RecursionError:
        raise InvalidYamlError(_TOO_DEEP) from None


class _Reader:
    def __init__(self) -> None:
        self._document = Document()
        self._values = 0

    def read(self, node: yaml.Node | None) -> Document:
        self._document.content = None if node is None else self._value(node, ())
        return self._document

    def _value(self, node: yaml.Node, path: KeyPath) -> Any:
        self._values += 1
        if self._values > _MAX_VALUES:
            raise self._error(node, f"holds more than {_MAX_VALUES} values, aliases counted")
        if len(path) > _MAX_DEPTH:
            raise self._error(node, _TOO_DEEP)
        if node.tag.removeprefix(_TAG) not in ("str", "map", "seq"):
            raise self._error(node, f"the tag {node.tag!r} is not allowed; leave it out")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(part, (*path, str(index))) for index, part in enumerate(node.value)]
        return Plain(node.value) if isinstance(node, yaml.ScalarNode) and node.style is None else node.value

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "a key must be a word")
            key = key_node.value
            if key == _MERGED and key_node.style is None:
                merged = {**self._merged(value_node, path), **merged}
                continue
            here = (*path, key)
            if key in own:
                first = self._document.lines[here]
                raise self._error(key_node, f"{'.'.join(here)} was given in line {first} already; leave one of them")
            self._document.lines[here] = key_node.start_mark.line + 1
            own[key] = self._value(value_node, here)
        return {**merged, **own}

    def _merged(self, node: yaml.Node, path: KeyPath) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in parts:
            if not isinstance(part, yaml.MappingNode):
                raise self._error(node, f"{_MERGED} takes a mapping, or a list of them")
            merged = {**self._aside(part, path), **merged}
        return merged

    def _aside(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        """Reads a merged mapping without recording its lines, so that its keys do not count as duplicates."""
        lines = dict(self._document.lines)
        merged = self._mapping(node, (*path, _MERGED))
        self._document.lines = lines
        return merged

    def _error(self, node: yaml.Node, problem: str) -> InvalidYamlError:
        return InvalidYamlError(problem, node.start_mark.line + 1)
