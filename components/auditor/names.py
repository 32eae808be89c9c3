"""The names of the audits."""

from typing import Final

AUDITS: Final = ("leak", "shortcut", "order", "label", "unseen")
