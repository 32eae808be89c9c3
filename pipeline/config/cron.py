"""Validates a schedule before it is sent to an engine."""

import re
import zoneinfo
from typing import Final

_FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    # Sunday is both 0 and 7.
    ("day of the week", 0, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
)
_PART: Final = re.compile(r"(?:(?P<all>[*?])|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]+))?")
_ZONE: Final = re.compile(r"(?:CRON_)?TZ=(\S+) +")
_LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def require_cron(text: str) -> None:
    """Checks that `text` is a five-field cron expression, optionally preceded by a time zone.

    Raises:
        ValueError: naming the invalid field.
    """
    zone = _ZONE.match(text)
    if zone is not None:
        _require_zone(zone[1])
        text = text[zone.end() :]
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"cron takes five fields, as in 0 3 * * *, and here are {len(fields)}")
    values = [_values(field, *kind) for field, kind in zip(fields, _FIELDS, strict=True)]
    _, _, days, months, _ = values
    if fields[4] in ("*", "?") and min(days) > max(_LONGEST_MONTHS[month - 1] for month in months):
        raise ValueError(f"no such month has a day {min(days)}, so it never comes")


def _require_zone(name: str) -> None:
    known = zoneinfo.available_timezones()
    # Some systems have no time zone database.
    if known and name not in known:
        raise ValueError(f"{name} is no time zone; type one such as Europe/Berlin")


def _values(field: str, name: str, low: int, high: int, words: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is no {name} of cron; type a number from {low} to {high}, *, 1-5, 1,3 or */2")
        step = int(match["step"] or 1)
        first, last = low, high
        if match["first"]:
            first = _number(match["first"], name, low, high, words)
            last = _number(match["last"], name, low, high, words) if match["last"] else high if match["step"] else first
        if first > last or not 1 <= step <= high:
            raise ValueError(f"{part!r} is no {name} of cron: nothing is in it")
        found |= set(range(first, last + 1, step))
    return found


def _number(text: str, name: str, low: int, high: int, words: tuple[str, ...]) -> int:
    if text.upper() in words:
        return words.index(text.upper()) + (1 if low else 0)
    if re.fullmatch(r"[0-9]{1,2}", text) and low <= int(text) <= high:
        return int(text)
    allowed = f"{low} to {high}" + (f" and {', '.join(words)}" if words else "")
    raise ValueError(f"{text!r} is no {name} of cron; allowed are {allowed}")
