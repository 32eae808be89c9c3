"""What tells the folder of a scoring run from that of a training with the same name."""

from typing import Final

SCORING_SUFFIX: Final = ".scoring"
"""Ends the folder's name. No name of a run has a dot, so no training has such a folder."""
