"""Lines for the person at the terminal, from code that does not know of it."""

import logging
from typing import Final

from components.printable import printable

NOTICES_LOGGER: Final = "deepfake.notices"
"""Its records have an attribute `once`: of those that share it, displays show the first."""

_logger = logging.getLogger(NOTICES_LOGGER)
_logger.setLevel(logging.INFO)
# The root logger's handler may write to the same terminal.
_logger.propagate = False


def notify(line: str, *, once: str = "") -> None:
    """Tells what is waited for, passed over or done without, in one line; on standard error unless a terminal shows it.

    Args:
        line: what is wrong, and what to do.
        once: what it is about, such as a folder, if a command is to tell only the first such line.
    """
    _logger.warning("%s", printable(line), extra={"once": once})
