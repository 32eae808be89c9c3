"""The options that say what decoding one video may cost."""

from typing import Annotated

import typer

from components.errors import UserError
from components.video_decoding.decoding_limits import LEAST_MEMORY_MB, MOST_MEMORY_MB, MOST_TIMEOUT_S


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
