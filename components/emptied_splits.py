"""Fails the run with a readable error if a split has no videos left."""

from components.errors import UserError


def require_videos(split: str, count: int, *, refused: str = "") -> None:
    """Raises if a split has no usable videos.

    Args:
        split: its name.
        count: number of its usable videos.
        refused: what happened to its videos, as a clause for the message.

    Raises:
        UserError: if `count` is 0.
    """
    if not count:
        raise UserError(
            f"the {split} split holds no video that can be used{refused and f', {refused}'}; mend the videos in "
            f"quarantine, add others, or give the split a larger share with --set split.{split}=..."
        )
