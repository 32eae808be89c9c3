"""The slices of the test split that are measured separately."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from components.features import FAKE, REAL

MAX_VALUES: Final = 50
"""A column with more values identifies videos or their sources, and is not sliced."""


@dataclasses.dataclass(frozen=True)
class Slice:
    """The videos with one value of one column, plus all videos of the other class if these are of one class only.

    Attributes:
        column: such as `codec`.
        value: such as `h264`.
        members: bool [N].
        against: the label whose videos are all members, regardless of their value; None if both classes have the value.
    """

    column: str
    value: str
    members: np.ndarray
    against: str | None = None

    @property
    def name(self) -> str:
        """The slice's name in the config and the decision."""
        return f"{self.column}={self.value}"


def find_slices(facts: Sequence[Mapping[str, str]], labels: np.ndarray) -> list[Slice]:
    """Finds the slices of a split, sorted by column and value.

    A column is skipped if it has one value only, fewer than two videos per value on average, or more than `MAX_VALUES`
    values. A value that occurs in one class only, as a kind of forgery does, cannot be measured on its own, so all
    videos of the other class are added; it is skipped if these make up the whole split, as for real videos' `none`.

    Args:
        facts: of each of the N videos, value by column; columns may be missing.
        labels: int64 [N], FAKE = 1.
    """
    columns = sorted({column for known in facts for column in known})
    return [found for column in columns for found in _slices_of(column, facts, labels)]


def _slices_of(column: str, facts: Sequence[Mapping[str, str]], labels: np.ndarray) -> Iterator[Slice]:
    values = np.asarray([known.get(column, "") for known in facts], object)
    members = {value: values == value for value in sorted(set(values) - {""})}
    known = sum(those.sum() for those in members.values())
    if len(members) == 1 or len(members) > min(known / 2, MAX_VALUES):
        return
    for value, those in members.items():
        found = np.unique(labels[those])
        if len(found) == 2:
            yield Slice(column, value, those)
            continue
        whole = those | (labels != found[0])
        if not whole.all():
            yield Slice(column, value, whole, against=REAL if found[0] else FAKE)
