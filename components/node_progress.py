"""Progress reports of a running node; displays show the latest line."""

import logging
from typing import Final

PROGRESS_LOGGER: Final = "deepfake.progress"
_logger = logging.getLogger(PROGRESS_LOGGER)
_logger.setLevel(logging.INFO)


def report_progress(line: str) -> None:
    """Reports the running node's progress as a human-readable line."""
    _logger.info(line)
