"""Ends the command's process, also while threads are at work that cannot be stopped."""

import os
import sys
from typing import NoReturn

from pipeline.runners.beam.watched import at_work


def leave(code: int) -> NoReturn:
    """Exits with a code.

    After Ctrl-C in the extraction, threads may still be encoding and decoding. They are not waited for, and finalizing
    the interpreter under them could end in a segmentation fault.
    """
    if at_work():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
