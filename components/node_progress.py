"""What a node says of its progress while it runs; whoever shows the node shows its latest line."""

import logging
from typing import Final

PROGRESS_LOGGER: Final = "deepfake.progress"
_logger = logging.getLogger(PROGRESS_LOGGER)
_logger.setLevel(logging.INFO)


def report_progress(line: str) -> None:
    """Tells how far the running node is, in a line for people."""
    _logger.info(line)
