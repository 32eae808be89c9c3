"""Which parts of the test split are measured on their own."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

MAX_VALUES: Final = 50
"""A column with more values names its videos or their sources; it is no slice."""


@dataclasses.dataclass(frozen=True)
class Slice:
    """The videos with one value of one column, in a column tied to the label together with the other class.

    Attributes:
        column: such as `codec`.
        value: such as `h264`.
        members: bool [N].
    """

    column: str
    value: str
    members: np.ndarray

    @property
    def name(self) -> str:
        """As the config and the decision name it."""
        return f"{self.column}={self.value}"


def find_slices(facts: Sequence[Mapping[str, str]], labels: np.ndarray) -> list[Slice]:
    """Finds the slices of a split, by column and value in order.

    A column is passed over that has one value only, fewer than two videos a value, or more than `MAX_VALUES`. It is
    tied to the label if no value occurs with both classes, as the kind of forgery is, where real videos have `none`
    or nothing. Such a value says nothing on its own; so each is measured against all videos of the other class, and
    the only value that a class has is no slice.

    Args:
        facts: value by column of each of the N videos; a column may be missing.
        labels: int64 [N], FAKE = 1.
    """
    columns = sorted({column for known in facts for column in known})
    return [found for column in columns for found in _slices_of(column, facts, labels)]


def _slices_of(column: str, facts: Sequence[Mapping[str, str]], labels: np.ndarray) -> Iterator[Slice]:
    values = np.asarray([known.get(column, "") for known in facts], object)
    members = {value: values == value for value in sorted(set(values) - {""})}
    classes = {value: set(labels[those].tolist()) for value, those in members.items()}
    known = sum(those.sum() for those in members.values())
    if len(members) == 1 or len(members) > min(known / 2, MAX_VALUES):
        return
    if any(len(found) == 2 for found in classes.values()):
        yield from (Slice(column, value, those) for value, those in members.items())
        return
    for value, those in members.items():
        (label,) = classes[value]
        if sum(found == {label} for found in classes.values()) > 1:
            yield Slice(column, value, those | (labels != label))
