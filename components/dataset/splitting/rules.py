"""How a data set is to be split."""

import dataclasses
from collections.abc import Mapping
from typing import Final, Literal

from components.errors import UserError

By = Literal["hash", "stratified", "column"]
BY_HASH: Final = "hash"
BY_STRATIFIED: Final = "stratified"
BY_COLUMN: Final = "column"
BY_ORIGINAL: Final = "original"
BY_FOLDER: Final = "folder"
META: Final = "meta/"


@dataclasses.dataclass(frozen=True)
class SplitRatios:
    """The proportions of the splits, positive integers."""

    train: int = 8
    eval: int = 1
    test: int = 1

    def __post_init__(self) -> None:
        """Refuses ratios below 1."""
        for name, ratio in dataclasses.asdict(self).items():
            if ratio < 1:
                raise UserError(f"split.{name}={ratio}: must be a whole number above zero; type --set split.{name}=1")

    @property
    def total(self) -> int:
        """The parts of the whole."""
        return self.train + self.eval + self.test

    def __str__(self) -> str:
        """Returns, for example, `8:1:1`."""
        return f"{self.train}:{self.eval}:{self.test}"


@dataclasses.dataclass(frozen=True)
class SplitRules:
    """How videos are split.

    Attributes:
        ratios: proportions of the splits.
        by: `hash` (of the group), `stratified` (the labels' shares as near to the ratios as groups allow) or `column`
            (official splits; videos without one as `stratified`).
        group_by: what keeps videos together: `original`, `folder` or `meta/<column>`.
        column: name of the column with official splits: `split`, or `meta/<column>`.
        names: official names, in lower case, to train, eval or test, beyond the usual ones.
    """

    ratios: SplitRatios = dataclasses.field(default_factory=SplitRatios)
    by: By = BY_HASH
    group_by: str = BY_ORIGINAL
    column: str = "split"
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses a grouping that does not exist."""
        if self.group_by not in (BY_ORIGINAL, BY_FOLDER) and not self.group_by.removeprefix(META):
            raise UserError(_wrong_grouping(self.group_by))
        if self.group_by not in (BY_ORIGINAL, BY_FOLDER) and not self.group_by.startswith(META):
            raise UserError(_wrong_grouping(self.group_by))


def _wrong_grouping(group_by: str) -> str:
    return f"split.group_by={group_by!r}: allowed are original, folder and meta/<column of the data set>"
