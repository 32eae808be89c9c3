"""Refuses to start a run on a machine that does not give its libraries what they need."""

import multiprocessing
import resource
from typing import Final

from components.errors import UserError

# TensorFlow and Arrow reserve most of it without using it, and abort the process if they cannot.
_ADDRESS_SPACE: Final = 6 << 30


def require_machine() -> None:
    """Checks the limit of this process's address space, and that Beam can make semaphores.

    Raises:
        UserError: if a run could not be sure to end.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < _ADDRESS_SPACE:
        raise UserError(
            f"this process may have {soft >> 20:,} MiB of address space, and a run needs {_ADDRESS_SPACE >> 20:,}; "
            "type ulimit -v unlimited"
        )
    try:
        multiprocessing.Lock()
    except OSError as error:
        raise UserError(
            f"/dev/shm: no semaphore can be made there ({error.strerror}); mount a tmpfs, in a container by --shm-size"
        ) from error
