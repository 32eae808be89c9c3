"""An order of videos that does not depend on how Beam wrote them, and how many of them stand for all."""

import hashlib
from typing import Final

BUCKETS: Final = 64
"""The number of parts that can be sorted one at a time."""

SAMPLE: Final = 64
"""How many videos, the first of the eval split, an exported model is tried on."""


def video_order(video_id: bytes) -> tuple[int, bytes]:
    """Returns a video's place as a sort key: its bucket, below `BUCKETS`, and its place within."""
    digest = hashlib.sha256(video_id).digest()
    return digest[0] % BUCKETS, digest
