"""Redacts secrets: options, keys and addresses keep their names and lose their secret values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

HIDDEN: Final = "***"
_ROOTS: Final = (
    *("secret", "passw", "passphrase", "token", "credential", "connectionstring", "bearer", "cookie"),
    *("accesskey", "accountkey", "apikey", "privatekey", "sharedkey", "authorization"),
)
_LAST_WORDS: Final = frozenset(
    ["auth", "cred", "creds", "dsn", "jwt", "key", "keys", "pass", "psk", "pw", "pwd", "sas", "sig", "signature"]
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OPTION: Final = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)(?P<equals>=)?", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z][\w.-]*")
_PAIR: Final = re.compile(r"\\*[\"']?\s*[=:]\s*")
_NEXT: Final = re.compile(r"[\"']?\s*,?\s+(?=[^\s-])|[\"']\s*,\s*(?=[^\s-])")
_QUOTED: Final = re.compile(r"(?P<before>\\*(?P<quote>[\"']))(?P<value>.*?)(?=\\*(?P=quote))", re.DOTALL)
_UNQUOTED: Final = re.compile(r"(?:(?:Bearer|Basic)\s+)?(?P<value>[^\s,;&\"'\])}]+)", re.IGNORECASE)
# Does not match the port and path of an address without a user.
_PASSWORD: Final = re.compile(r"://[^\s/@:\"']*:(?!\d+(?:/|$))(?P<value>[^\s@\"']+)@")
_USER: Final = re.compile(r"https?://(?P<value>[^\s/@:\"']+)@")
_HOST_PASSWORD: Final = re.compile(r"(?<![\w/])[\w.%+-]+:(?P<value>[^\s@/:\"',]+)@(?!sha\d+:)")
_QUERY: Final = re.compile(r"[?&](?P<name>[A-Za-z][\w.-]*)=(?P<value>[^&\s\"'#]+)")
# A reference names where the secret is, not its value.
_REFERENCE: Final = re.compile(r"\$\(\w+\)")
_Span = tuple[int, int]


def redact(value: Any, key: str = "") -> Any:
    """Returns a config, or any other plain objects, with the secrets hidden.

    Args:
        value: mappings, sequences and scalars.
        key: the key of `value`.
    """
    if isinstance(value, Mapping):
        return {name: redact(part, key if is_secret(key) else str(name)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return (
            redact_arguments(value)
            if key.endswith("beam_args") or _are_options(value)
            else [redact(part, key) for part in value]
        )
    if isinstance(value, str):
        return HIDDEN if value and is_secret(key) and not _REFERENCE.fullmatch(value) else redact_address(value)
    # YAML parses a password of digits as a number.
    return HIDDEN if isinstance(value, int | float) and not isinstance(value, bool) and is_secret(key) else value


def redact_arguments(arguments: Sequence[Any]) -> list[str]:
    """Returns the arguments of a command, or Beam options, with the secrets hidden."""
    texts = [str(argument) for argument in arguments]
    return [_without(text, spans) for text, spans in zip(texts, _spans_of_arguments(texts), strict=True)]


def redact_text(text: str) -> str:
    """Hides the secrets of options within a text: the value of `--set`, or a line of a log."""
    return _without(text, _spans(text))


def redact_address(text: str) -> str:
    """Returns the text with the passwords and signatures in its addresses hidden."""
    return _without(text, _spans_of_addresses(text))


def secrets_of(arguments: Sequence[str]) -> list[str]:
    """Returns the values that `redact_arguments` hides, the longest first."""
    found = {
        text[start:end]
        for text, spans in zip(arguments, _spans_of_arguments(arguments), strict=True)
        for start, end in spans
    }
    return sorted(found, key=len, reverse=True)


def hide(text: str, secrets: Sequence[str]) -> str:
    """Returns the text with these secrets hidden wherever they occur."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def is_secret(name: str) -> bool:
    """Whether a key or an option of this name holds a secret."""
    words = [word.lower() for word in _WORD.findall(name)]
    # The name of a key in a key management service is not a secret.
    if not words or {"kms", "encryption"} & set(words):
        return False
    joined = "".join(words)
    return words[-1] in _LAST_WORDS or "auth" in words or any(root in joined for root in _ROOTS)


def _are_options(values: Sequence[Any]) -> bool:
    return any(isinstance(value, str) and value.startswith("--") for value in values)


def _spans_of_arguments(arguments: Sequence[str]) -> Iterator[list[_Span]]:
    expected = False
    for argument in arguments:
        option = _OPTION.match(argument)
        if expected and not option:
            yield _secret(argument, 0, len(argument))
        elif option and option["equals"] and is_secret(option["name"]):
            yield _secret(argument, option.end(), len(argument))
        else:
            yield _spans(argument)
        expected = option is not None and option[0] == argument and not option["equals"] and is_secret(option["name"])


def _spans(text: str) -> list[_Span]:
    found = _spans_of_addresses(text)
    for match in _HOST_PASSWORD.finditer(text):
        found += _secret(text, *match.span("value"))
    for name in _NAME.finditer(text):
        if is_secret(name[0]):
            found += _value_after(text, name)
    return found


def _value_after(text: str, name: re.Match[str]) -> list[_Span]:
    start = len(text[: name.start()].rstrip("-"))
    is_option = start < name.start()
    separator = _PAIR.match(text, name.end()) or (_NEXT.match(text, name.end()) if is_option else None)
    if separator is None:
        return []
    if is_option and start and text[start - 1] in "\"'" and separator[0] == "=":
        end = text.find(text[start - 1], separator.end())
        return _secret(text, separator.end(), len(text) if end < 0 else end)
    value = _QUOTED.match(text, separator.end()) or _UNQUOTED.match(text, separator.end())
    return _secret(text, *value.span("value")) if value else []


def _spans_of_addresses(text: str) -> list[_Span]:
    found = [
        span
        for pattern in (_PASSWORD, _USER)
        for match in pattern.finditer(text)
        for span in _secret(text, *match.span("value"))
    ]
    for match in _QUERY.finditer(text):
        if is_secret(match["name"]):
            found += _secret(text, *match.span("value"))
    return found


def _secret(text: str, start: int, end: int) -> list[_Span]:
    return [] if start == end or _REFERENCE.fullmatch(text, start, end) else [(start, end)]


def _without(text: str, spans: Sequence[_Span]) -> str:
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], HIDDEN]
        done = max(done, end)
    return "".join([*parts, text[done:]])
