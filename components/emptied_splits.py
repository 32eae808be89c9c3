"""A split of which no video is left ends a run in words."""

from components.errors import UserError


def require_videos(split: str, count: int, *, refused: str = "") -> None:
    """Makes sure that a split has videos that can be used.

    Args:
        split: its name.
        count: of its videos.
        refused: what became of those that it was to have, in words.

    Raises:
        UserError: if there are none.
    """
    if not count:
        raise UserError(
            f"the {split} split holds no video that can be used{refused and f', {refused}'}; mend the videos in "
            f"quarantine, add others, or give the split a larger share with --set split.{split}=..."
        )
