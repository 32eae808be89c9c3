"""What the command line says on top of a config file."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from components.errors import UserError
from components.redaction import is_secret, redact_address, redact_text
from pipeline.config.sources.values import child, holds_several, holds_text, short, takes_none, typed
from pipeline.config.sources.yaml import KeyPath, NoConfigError, parse_yaml

_QUOTES = "'\""
_WITH_SECRETS: Final = ("beam_args", "vertex", "kubeflow")
_NULLS = ("null", "~")


@dataclasses.dataclass(frozen=True)
class Given:
    """The value of an option of the command line, which is taken as it is.

    Attributes:
        option: such as `--data-root`.
        key: the key of the config that it stands for.
        value: what was typed.
    """

    option: str
    key: str
    value: str

    @property
    def source(self) -> str:
        """The option as it was typed, for errors."""
        return short(f"{self.option} {redact_address(self.value)}")


@dataclasses.dataclass(frozen=True)
class Override:
    """One key of the config, from the command line.

    Attributes:
        content: the value within the sections that its key names.
        source: the option as it was typed, for errors.
    """

    content: dict[str, Any]
    source: str


def redact_setting(setting: str) -> str:
    """What may be shown of `a.b=c`."""
    key = setting.partition("=")[0].strip()
    # What stands elsewhere has a key that is no secret, and a path may look like one.
    may_hold = key.partition(".")[0] in _WITH_SECRETS or is_secret(key.rpartition(".")[2])
    return redact_text(setting) if may_hold else redact_address(setting)


def redact_command(arguments: Sequence[str]) -> list[str]:
    """What may be shown of the arguments of `deepfake run`."""
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
    """Gives what `--set` or another option says.

    A text is taken as it is typed, but for quotes around all of it. Everything else is YAML.

    Args:
        given: `a.b=c`, or an option that stands for a key.
        kind: the config.

    Raises:
        UserError: if `given` is not of this form, or a mapping or a list no YAML.
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
    nothing = takes_none(annotation) and text in _NULLS
    is_text = holds_text(annotation)
    if not text or (is_text and not quoted and not nothing):
        return text
    try:
        content = parse_yaml(text).content
    except NoConfigError as error:
        if holds_several(annotation):
            raise UserError(f"{source}: the value is {error.problem}; quote it") from error
        return text
    # A text in quotes, and not several of them with something between.
    return text if is_text and quoted and not isinstance(content, str) else typed(content, annotation)


def _within(path: KeyPath, value: Any) -> dict[str, Any]:
    content = value
    for part in reversed(path):
        content = {part: content}
    return content
