"""File names that look alike: an accented letter is one code point on some systems (NFC), two on others (NFD)."""

import collections
import unicodedata
from collections.abc import Iterable


def nfc(name: str) -> str:
    """Returns the name in NFC, which is the same for all names that look alike."""
    return unicodedata.normalize("NFC", name)


def find_alike(names: Iterable[str], there: Iterable[str]) -> dict[str, str]:
    """Maps each name to the existing one it refers to: the same, or else the only one that looks alike."""
    there = dict.fromkeys(there)
    by_look = _by_look(there)
    found = {}
    for name in names:
        alike = [name] if name in there else by_look.get(nfc(name), [])
        if len(alike) == 1:
            found[name] = alike[0]
    return found


def match_names(names: Iterable[str], there: Iterable[str]) -> dict[str, str]:
    """Pairs names with existing ones: the same name, or else the only unpaired one that looks alike.

    Each name is paired at most once; if several unpaired names look alike, none of them is paired.
    """
    names, there = dict.fromkeys(names), dict.fromkeys(there)
    found = {name: name for name in names if name in there}
    asking, free = (_by_look(name for name in some if name not in found) for some in (names, there))
    for look, alike in asking.items():
        if len(alike) == len(free[look]) == 1:
            found[alike[0]] = free[look][0]
    return found


def _by_look(names: Iterable[str]) -> collections.defaultdict[str, list[str]]:
    by_look = collections.defaultdict(list)
    for name in names:
        by_look[nfc(name)].append(name)
    return by_look
