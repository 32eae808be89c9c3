"""The names of the audits, and of their file."""

from typing import Final

AUDITS: Final = ("leak", "shortcut", "order", "label", "unseen", "robustness")
AUDITS_FILE: Final = "audits.json"
