"""Progress of the extraction: counted by all worker processes of a machine, reported by the main process."""

import collections
import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

from components.frame_feature_gen.outcome import State

_INTERVAL_S = 2.0


def count_video(folder: str, state: State) -> None:
    """Counts one video; safe to call from any number of processes at once."""
    # What is shown of the progress is not worth the run, as on a full disk.
    with contextlib.suppress(OSError):
        os.makedirs(folder, exist_ok=True)
        # The file's size is the count: appending one byte is atomic.
        with open(os.path.join(folder, state), "ab", buffering=0) as file:
            file.write(b".")


def read_counts(folder: str) -> collections.Counter[str]:
    """Returns the number of videos done so far by state."""
    with os.scandir(folder) as files:
        return collections.Counter({file.name: file.stat().st_size for file in files})


@contextlib.contextmanager
def reporting_progress(folder: str, total: int, report_progress: Callable[[str], None]) -> Iterator[None]:
    """Reports the counts in `folder` every two seconds while the context is active.

    Args:
        folder: where `count_video` counts; initially empty.
        total: number of videos; 0 if unknown.
        report_progress: receives a human-readable line.
    """
    ended = threading.Event()
    started = time.monotonic()

    def watch() -> None:
        while not ended.wait(_INTERVAL_S):
            counts = read_counts(folder)
            if counts:
                report_progress(progress_line(counts, total, time.monotonic() - started))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def progress_line(counts: collections.Counter[str], total: int, elapsed_s: float) -> str:
    """Formats counts, rate and remaining time as one line."""
    done = sum(counts.values())
    parts = [f"{done:,} of {total:,}" if total else f"{done:,}", f"{done / elapsed_s:.1f}/s"]
    if total > done:
        parts.append(f"{_duration(elapsed_s * (total - done) / done)} left")
    parts += [f"{counts[state]:,} {state}" for state in ("cached", "quarantined") if counts[state]]
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
