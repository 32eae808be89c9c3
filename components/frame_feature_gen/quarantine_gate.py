"""Too many refused videos stop the run."""

import collections
from collections.abc import Sequence

from components.errors import UserError
from components.quarantine import QuarantineRow


def require_few_quarantined(rows: Sequence[QuarantineRow], videos: int, max_ratio: float) -> None:
    """Raises where more than `max_ratio` of all `videos` are in quarantine, or none is left.

    Raises:
        UserError: naming the worst reasons, each with its count and one video.
    """
    if not rows or (len(rows) <= max_ratio * videos and len(rows) < videos):
        return
    counts = collections.Counter(row.reason for row in rows)
    first = {row.reason: row.uri for row in reversed(rows)}
    worst = ", ".join(f"{reason} {count} (e.g. {first[reason]})" for reason, count in counts.most_common(3))
    raise UserError(
        f"{len(rows)} of {videos} videos cannot be used, more than data.max_quarantine_ratio={max_ratio:g} allows: "
        f"{worst}; mend or remove them, or raise it with --set data.max_quarantine_ratio=..."
    )
