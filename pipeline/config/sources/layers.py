"""Merges defaults, file and command line, and records the origin of each value."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pydantic

from pipeline.config.sources.values import child, is_mapping, is_section
from pipeline.config.sources.yaml import KeyPath


class Layers:
    """A config before validation.

    Mappings are merged key by key at every level. An empty one replaces the existing mapping, or resets a section to
    its defaults. A list replaces a list. None undoes earlier values: a key of the config gets its default, an entry of
    a mapping is removed.

    Attributes:
        kind: the config class.
        content: the merged values, including the defaults of mappings; other defaults are left to `kind`.
        sources: origin of each key, the most recent last.
    """

    def __init__(self, kind: type[pydantic.BaseModel]) -> None:
        self.kind = kind
        self.content = _mapping_defaults(kind)
        self.sources: dict[KeyPath, str] = {}

    def add(self, content: Mapping[str, Any], source: Callable[[KeyPath], str]) -> None:
        """Merges `content`, whose values are typed; `source` returns the origin of a key."""
        self._merge(self.content, content, self.kind, _mapping_defaults(self.kind), (), source)

    def source(self, key: Sequence[str]) -> str:
        """Returns the origin of a key; for a default, the latest origin of a key near it; empty if there is none."""
        for length in range(len(key), 0, -1):
            near = tuple(key[:length])
            found = [source for place, source in self.sources.items() if place[:length] == near]
            if found:
                return found[-1]
        return ""

    def _merge(
        self,
        base: dict[str, Any],
        update: Mapping[str, Any],
        kind: Any,
        defaults: Mapping[str, Any],
        path: KeyPath,
        source: Callable[[KeyPath], str],
    ) -> None:
        for key, value in update.items():
            here = (*path, key)
            below = child(kind, key)
            default = {} if is_mapping(kind) else defaults.get(key, {})
            if value is None or (value == {} and is_section(below)):
                self._forget(here)
                base.pop(key, None)
                if default:
                    base[key] = copy.deepcopy(default)
                elif value == {}:
                    base[key] = {}
                self.sources[here] = source(here)
            elif isinstance(value, dict):
                if not value or not isinstance(base.get(key), dict):
                    self._forget(here)
                    base[key] = {}
                    self.sources[here] = source(here)
                self._merge(base[key], value, below, default if isinstance(default, dict) else {}, here, source)
            else:
                self._forget(here)
                base[key] = value
                self.sources[here] = source(here)

    def _forget(self, path: KeyPath) -> None:
        for known in [known for known in self.sources if known[: len(path)] == path]:
            del self.sources[known]


def _mapping_defaults(kind: type[pydantic.BaseModel]) -> dict[str, Any]:
    """Returns the defaults of mappings, section by section; values from the user are merged into these."""
    found: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if is_mapping(field.annotation):
            default = field.get_default(call_default_factory=True) or {}
            found[name] = {key: _plain(value) for key, value in default.items()}
        elif is_section(field.annotation) and field.default is not None:
            found[name] = _mapping_defaults(type(field.default))
    return {name: default for name, default in found.items() if default}


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if isinstance(value, pydantic.BaseModel) else value
