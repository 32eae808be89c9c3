"""Which words of folders and tables mean real or fake, and which could mean either."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from components.dataset.entries import show
from components.errors import UserError
from components.features import FAKE, REAL
from pipeline.indexing.layout import Told

_REAL: Final = "real reals original originals pristine genuine authentic bonafide unmanipulated untampered unaltered"
_FAKE: Final = (
    "fake fakes faked forged forgery forgeries manipulated manipulation manipulations deepfake deepfakes synthesis "
    "synthesized synthesised synthetic generated altered tampered spoof spoofed swapped faceswap faceshifter "
    "neuraltextures deepfakedetection"
)
_LABELS: Final = {**dict.fromkeys(_REAL.split(), REAL), **dict.fromkeys(_FAKE.split(), FAKE), "face2face": FAKE}
SPLITS: Final = frozenset(("train", "training", "eval", "val", "valid", "validation", "dev", "test", "testing"))
# Words beside a label that change nothing: real_videos, train-fake.
_BESIDE: Final = SPLITS | frozenset(
    ("video", "videos", "clip", "clips", "sample", "samples", "data", "file", "files", "face", "faces", "class", "set")
)
_UNKNOWN: Final = ("", "nan", "none", "null", "n/a", "na", "unknown", "?", "-")
_SHOWN: Final = 6


def label_of_words(text: str) -> str:
    """Returns the label that a text means beyond doubt, such as `0_real` or `Fake videos`; empty if none.

    Numbers are passed over: of 0 and 1, either may be the fake.
    """
    plain = text.strip().casefold()
    found = _LABELS.get(re.sub(r"[\W_]", "", plain), "")
    words = {word for word in re.findall(r"[^\W\d_]+", plain) if word not in _BESIDE}
    return found or (_LABELS.get(words.pop(), "") if len(words) == 1 else "")


def split_words(text: str) -> frozenset[str]:
    """Returns the usual names of splits in a text."""
    return SPLITS.intersection(re.findall(r"[^\W\d_]+", text.casefold()))


def means_unknown(text: str) -> bool:
    """Whether a cell says that nothing is known."""
    return _plain(text) in _UNKNOWN


def told_label(text: str, told: Told) -> str:
    """Returns the label that the user has told for a text; empty if none."""
    if _plain(text) in map(_plain, told.fake_values):
        return FAKE
    return REAL if _plain(text) in map(_plain, told.real_values) else ""


def require_told_once(told: Told) -> None:
    """Refuses a value that is told to mean both.

    Raises:
        UserError: naming it.
    """
    both = set(map(_plain, told.fake_values)).intersection(map(_plain, told.real_values))
    if both:
        raise UserError(f"{min(both)!r} is among --fake-values and --real-values; take it from one of them")


def labels_of_values(values: Mapping[str, int], told: Told, where: str) -> dict[str, str]:
    """Decides what the values of a column mean.

    Args:
        values: how often each occurs.
        told: what the user says of them. If they say of one side only, the one value that is left is of the other.
        where: the file and the column, for errors.

    Returns:
        The label by value; empty for values that stand for an unknown one.

    Raises:
        UserError: if a value could be read either way, or one that is told does not occur.
    """
    require_told_once(told)
    labels = {value: told_label(value, told) for value in values}
    for option, given in (("--fake-values", told.fake_values), ("--real-values", told.real_values)):
        for value in given:
            if _plain(value) not in map(_plain, values):
                raise UserError(f"{where} has no value {value!r}, which {option} names; it has {_shown(values)}")
    open_values = [value for value, label in labels.items() if not label and not means_unknown(value)]
    words = {value: label_of_words(value) for value in open_values}
    said = {label for label in labels.values() if label}
    if said and len(open_values) == 1 and len(said) == 1 and words[open_values[0]] not in said:
        words[open_values[0]] = REAL if FAKE in said else FAKE
    unclear = {value: values[value] for value in open_values if not words[value]}
    if unclear:
        raise UserError(
            f"{where} has {_shown(unclear)}, which could be read either way; type --fake-values with those that mean "
            "fake, and --real-values with those that mean real, separated by commas"
        )
    return {**labels, **words}


def _plain(value: str) -> str:
    """Returns what equal values have in common, such as 1 and 1.0."""
    plain = value.strip().casefold()
    return re.sub(r"^([+-]?\d+)\.0+$", r"\1", plain)


def _shown(values: Iterable[str] | Mapping[str, int]) -> str:
    names = list(values)
    shown = [f"{show(name)} ({values[name]:,})" if isinstance(values, Mapping) else show(name) for name in names]
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
