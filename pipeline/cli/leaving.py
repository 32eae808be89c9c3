"""Ends the command's process, also while threads are at work that cannot be stopped."""

import atexit
import os
import signal
import sys
from typing import NoReturn

from pipeline.runners.beam.watched import at_work


def leave(code: int) -> NoReturn:
    """Exits with a code, which Ctrl-C does not change any more.

    After Ctrl-C in the extraction, threads may still be encoding and decoding. They are not waited for, and finalizing
    the interpreter under them could end in a segmentation fault.
    """
    if at_work():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    # Finalizing takes seconds after TensorFlow, and a signal would kill the process then.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)
