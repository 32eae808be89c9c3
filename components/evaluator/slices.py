"""Which parts of the test split are measured on their own."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from components.features import FAKE, REAL

MAX_VALUES: Final = 50
"""A column with more values names its videos or their sources; it is no slice."""


@dataclasses.dataclass(frozen=True)
class Slice:
    """The videos with one value of one column, and where these are of one class only all videos of the other.

    Attributes:
        column: such as `codec`.
        value: such as `h264`.
        members: bool [N].
        against: the label whose videos are all among the members, whatever their value; None if they need not be.
    """

    column: str
    value: str
    members: np.ndarray
    against: str | None = None

    @property
    def name(self) -> str:
        """As the config and the decision name it."""
        return f"{self.column}={self.value}"


def find_slices(facts: Sequence[Mapping[str, str]], labels: np.ndarray) -> list[Slice]:
    """Finds the slices of a split, by column and value in order.

    A column is passed over that has one value only, fewer than two videos a value, or more than `MAX_VALUES`. A value
    that occurs with one class only, as a kind of forgery does, says nothing on its own. So it is measured against all
    videos of the other class; unless these are all the videos there are, as for the `none` of real videos.

    Args:
        facts: value by column of each of the N videos; a column may be missing.
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
