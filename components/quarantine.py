"""The row of each refused video, and the file that holds the rows."""

import dataclasses
import os
from typing import Final

from components.json_lines import read_typed_rows
from components.passing_trouble import Blame

QUARANTINE_FILE: Final = "quarantine.jsonl"
"""In the quarantine artifact."""


@dataclasses.dataclass(frozen=True)
class QuarantineRow:
    """One refused video; `stage` is `probe` or `decode`, `reason` is the value of a `Reason`, `blame` of a `Blame`.

    `content_digest` is the SHA-256 of its file, empty if that is not known.
    """

    video_id: str
    uri: str
    stage: str
    reason: str
    detail: str
    # The defaults are for quarantines of earlier versions, which lack these.
    blame: str = Blame.VIDEO.value
    content_digest: str = ""


def read_quarantine(uri: str) -> list[QuarantineRow]:
    """Reads all rows of the quarantine artifact at `uri`."""
    return read_typed_rows(os.path.join(uri, QUARANTINE_FILE), QuarantineRow)
