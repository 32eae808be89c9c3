"""Lines for the person at the terminal, from code that does not know of it."""

import logging
from typing import Final

NOTICES_LOGGER: Final = "deepfake.notices"
_logger = logging.getLogger(NOTICES_LOGGER)
_logger.setLevel(logging.INFO)
# The root logger's handler may write to the same terminal.
_logger.propagate = False


def notify(line: str) -> None:
    """Tells what is waited for or passed over, in one line; on standard error unless a terminal shows it."""
    _logger.warning("%s", line)
