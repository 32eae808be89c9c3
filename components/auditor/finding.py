"""The result of an audit: measurements with intervals and counts, a warning if there is cause, videos to review."""

import dataclasses
import os
from collections.abc import Sequence
from typing import Annotated, Any, Final

import pydantic

from components.auditor.names import AUDITS, AUDITS_FILE
from components.json_files import read_json, write_json

_MEASUREMENTS: Final = pydantic.Field(validation_alias=pydantic.AliasChoices("measurements", "figures"))


@dataclasses.dataclass(frozen=True)
class Measurement:
    """A number, its 95 % interval (resampled by group) and the number of videos; None where undefined."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int

    def in_words(self, form: str = ".3f") -> str:
        """Formats value and interval: `0.812 (0.702 to 0.911)`."""
        value, low, high = (
            "undefined" if number is None else format(number, form) for number in (self.value, self.low, self.high)
        )
        return f"{value} ({low} to {high})"


@dataclasses.dataclass(frozen=True)
class Audit:
    """The result of one audit.

    Attributes:
        name: one of `AUDITS`.
        headline: one sentence for people.
        measurements: with intervals and counts.
        warning: one sentence, or None.
        rows: videos for manual review, if any.
        remarks: sentences on test videos that the model was trained on.
        model_digest: of the audited model; empty in files of earlier versions that lack it.
        data_fingerprint: of the videos that the model was trained on.
    """

    name: str
    headline: str
    # Earlier versions wrote `figures`.
    measurements: Annotated[list[Measurement], _MEASUREMENTS]
    warning: str | None = None
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    remarks: list[str] = dataclasses.field(default_factory=list)
    model_digest: str = ""
    data_fingerprint: str = ""


def write_audits(folder: str, audits: Sequence[Audit]) -> None:
    """Writes `audits.json` to `folder` atomically."""
    write_json(os.path.join(folder, AUDITS_FILE), [dataclasses.asdict(audit) for audit in audits])


def read_audits(folder: str) -> list[Audit]:
    """Reads what `write_audits` wrote."""
    return pydantic.TypeAdapter(list[Audit]).validate_python(read_json(os.path.join(folder, AUDITS_FILE)))


def merge_audits(earlier: Sequence[Audit], later: Sequence[Audit]) -> list[Audit]:
    """Returns the later audits and the earlier ones of the same model that were not repeated, in `AUDITS` order."""
    models = {audit.model_digest for audit in later}
    by_name = {audit.name: audit for audit in earlier if audit.model_digest in models}
    by_name |= {audit.name: audit for audit in later}
    return sorted(by_name.values(), key=lambda audit: AUDITS.index(audit.name))
