"""Fails the run if too many videos were refused, or any for which the machine is to blame."""

import collections
from collections.abc import Sequence

from components.errors import UserError
from components.passing_trouble import Blame, MachineError
from components.quarantine import QuarantineRow


def require_few_quarantined(rows: Sequence[QuarantineRow], videos: int, max_ratio: float) -> None:
    """Raises if more than `max_ratio` of all `videos` are in quarantine, or none is left.

    Raises:
        UserError: naming the most frequent reason, followed by a table of all, each with its count and one video.
    """
    if not rows or (len(rows) <= max_ratio * videos and len(rows) < videos):
        return
    counts = collections.Counter(row.reason for row in rows)
    first = {row.reason: _example(row) for row in reversed(rows)}
    ((worst, most), *_) = counts.most_common(1)
    line = (
        f"{len(rows)} of {videos} videos cannot be used (worst: {worst} {most}), more than "
        f"data.max_quarantine_ratio={max_ratio:g} allows; mend or remove them, or raise it with "
        "--set data.max_quarantine_ratio=..."
    )
    width = max(map(len, counts))
    table = [f"{reason:<{width}}  {count:>7,}  {first[reason]}" for reason, count in counts.most_common()]
    raise UserError(line, f"{'reason':<{width}}  {'videos':>7}  for example", *table)


def _example(row: QuarantineRow) -> str:
    # What storage or memory said is more than the reason.
    return f"{row.uri}: {row.detail}" if row.blame == Blame.UNCLEAR.value else row.uri


def require_sound_machine(rows: Sequence[QuarantineRow]) -> None:
    """Raises if a video was refused because the machine failed: it must not be recorded as the video's fault.

    Raises:
        MachineError: naming one of the videos.
    """
    failed = [row for row in rows if row.blame == Blame.MACHINE.value]
    if failed:
        others = f" (and {len(failed) - 1} more videos)" if len(failed) > 1 else ""
        raise MachineError(
            f"{failed[0].uri}: {failed[0].detail}, twice{others}; see to the machine (its memory, first of all), "
            "then resume: what is extracted is kept"
        )
