"""A disk that is full for files above a size, for one process and without a mount: writes beyond the limit fail."""

import contextlib
import resource
from collections.abc import Iterator


@contextlib.contextmanager
def small_limit(size: int) -> Iterator[None]:
    """Limits the size of what this process writes; Python ignores the signal, so the write fails with an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
