"""What decoding one video may cost: the defaults, the bounds, and the options of the commands that decode."""

from typing import Annotated, Final

import typer

from components.errors import UserError

TIMEOUT_S: Final = 120.0
MOST_TIMEOUT_S: Final = 86_400
"""A day; beyond three weeks, the system call that waits takes no timeout."""

MEMORY_MB: Final = 2048
LEAST_MEMORY_MB: Final = 64
MOST_MEMORY_MB: Final = 1 << 20
"""A tebibyte, more than any machine has and less than the system call that sets the limit takes."""


def _timeout(seconds: float) -> float:
    # Written so that NaN is refused, too.
    if not 0 < seconds <= MOST_TIMEOUT_S:
        raise UserError(f"--timeout {seconds:g}: give seconds, above 0 and at most {MOST_TIMEOUT_S}")
    return seconds


def _memory_mb(mebibytes: int) -> int:
    if not LEAST_MEMORY_MB <= mebibytes <= MOST_MEMORY_MB:
        raise UserError(f"--memory-mb {mebibytes}: give mebibytes, {LEAST_MEMORY_MB} to {MOST_MEMORY_MB}")
    return mebibytes


Timeout = Annotated[float, typer.Option(metavar="SECONDS", callback=_timeout, help="That decoding one video may take.")]
MemoryMb = Annotated[int, typer.Option(metavar="MB", callback=_memory_mb, help="MiB that decoding it may take.")]
