"""Overrides of a config file from the command line."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from components.errors import UserError
from components.redaction import is_secret, redact_address, redact_text
from pipeline.config.sources.values import child, holds_text, is_optional, short, takes_several_values, typed
from pipeline.config.sources.yaml import InvalidYamlError, KeyPath, parse_yaml

_QUOTES = "'\""
_WITH_SECRETS: Final = ("beam_args", "vertex", "kubeflow")
_NULLS = ("null", "~")


@dataclasses.dataclass(frozen=True)
class Given:
    """The value of a command-line option, which is used without parsing.

    Attributes:
        option: name of the option, such as `--data-root`.
        key: the config key that it sets.
        value: the value as typed.
    """

    option: str
    key: str
    value: str

    @property
    def source(self) -> str:
        """The option as typed, for errors."""
        return short(f"{self.option} {redact_address(self.value)}")


@dataclasses.dataclass(frozen=True)
class Override:
    """One config key set on the command line.

    Attributes:
        content: the value, nested in the sections that its key names.
        source: the option as typed, for errors.
    """

    content: dict[str, Any]
    source: str


def redact_setting(setting: str) -> str:
    """Removes secrets from `a.b=c`."""
    key = setting.partition("=")[0].strip()
    # Values in other sections are not secret by their key, and a path may look like a secret.
    may_hold = key.partition(".")[0] in _WITH_SECRETS or is_secret(key.rpartition(".")[2])
    return redact_text(setting) if may_hold else redact_address(setting)


def redact_command(arguments: Sequence[str]) -> list[str]:
    """Removes secrets from the arguments of `deepfake run`."""
    shown, before = [], ""
    for argument in arguments:
        if before == "--set":
            shown.append(redact_setting(argument))
        elif argument.startswith("--set="):
            shown.append(f"--set={redact_setting(argument.removeprefix('--set='))}")
        else:
            shown.append(redact_address(argument))
        before = argument
    return shown


def read_override(given: str | Given, kind: type[Any]) -> Override:
    """Parses the value of `--set` or another option.

    Text is used as typed, without quotes that enclose all of it. Everything else is parsed as YAML.

    Args:
        given: `a.b=c`, or an option that sets a key.
        kind: the config class.

    Raises:
        UserError: if `given` is not of this form, or a mapping or list is not valid YAML.
    """
    if isinstance(given, Given):
        return Override(_within(tuple(given.key.split(".")), given.value), given.source)
    key, equals, text = given.partition("=")
    path = tuple(key.split("."))
    source = short(f"--set {redact_setting(given)}")
    if not equals or not all(path):
        raise UserError(
            f"--set: {short(repr(redact_setting(given)))} is not of the form a.b=c; type e.g. --set trainer.epochs=5"
        )
    annotation: Any = kind
    for part in path:
        annotation = child(annotation, part)
    return Override(_within(path, _value(text, annotation, source)), source)


def _value(text: str, annotation: Any, source: str) -> Any:
    quoted = len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0]
    nothing = is_optional(annotation) and text in _NULLS
    is_text = holds_text(annotation)
    if not text or (is_text and not quoted and not nothing):
        return text
    try:
        content = parse_yaml(text).content
    except InvalidYamlError as error:
        if takes_several_values(annotation):
            raise UserError(f"{source}: the value is {error.problem}; quote it") from error
        return text
    # A single quoted text, rather than several with something in between.
    return text if is_text and quoted and not isinstance(content, str) else typed(content, annotation)


def _within(path: KeyPath, value: Any) -> dict[str, Any]:
    content = value
    for part in reversed(path):
        content = {part: content}
    return content
