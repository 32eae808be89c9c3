"""A cache of frame features, keyed by the video's content and everything that determines its features."""

import dataclasses
import hashlib
import io
import json
import logging
import os
from collections.abc import Mapping
from typing import Final

import numpy as np

from components import storage
from components.printable import printable
from components.whole_files import write_whole

SETTINGS_FILE: Final = "settings.json"
ENTRY_SUFFIX: Final = ".features"
_CHECKSUM_BYTES = 32
_FINGERPRINT_LENGTH = 16


@dataclasses.dataclass(frozen=True)
class CachedFeatures:
    """What is cached for one video.

    Attributes:
        features: float32 [n, D], of the sampled frames.
        timestamps_s: float32 [n].
        face_status: the result of the face crop.
        good_frames: how many frames of the video were decoded intact.
        truncated: whether parts of the video are missing or damaged.
        color: how the colours were converted.
        sampled_as: the sampling that was used.
        crop_side: side of the cropped square in pixels, before resizing.
        notes: where the frames differ from what a player shows.
    """

    features: np.ndarray
    timestamps_s: np.ndarray
    face_status: str
    good_frames: int
    truncated: bool
    color: str = "sdr"
    sampled_as: str = "uniform"
    crop_side: int = 0
    notes: tuple[str, ...] = ()


class FeatureCache:
    """Entries in a folder or a bucket, each written atomically and checked when read.

    Several runs may share one: entries are named by what determines their content, so all writers of an entry write the
    same. Entries with the same settings share a folder, next to a file that records these settings.
    """

    def __init__(self, folder: str, settings: Mapping[str, object]) -> None:
        """Does no I/O yet.

        Args:
            folder: local folder or bucket, created if missing.
            settings: everything that determines features besides the video; must be JSON-serializable.
        """
        self._settings = json.dumps(settings, sort_keys=True)
        self._folder = os.path.join(folder, hashlib.sha256(self._settings.encode()).hexdigest()[:_FINGERPRINT_LENGTH])
        self._described = False

    def path(self, content_digest: str) -> str:
        """Returns where the entry for a video with this digest (sha256, hexadecimal) is, or would be."""
        return os.path.join(self._folder, content_digest[:2], f"{content_digest[2:]}{ENTRY_SUFFIX}")

    def read(self, content_digest: str) -> CachedFeatures | None:
        """Returns the entry, or None if there is none; a damaged one is removed."""
        path = self.path(content_digest)
        try:
            content = storage.read_bytes(path)
        except FileNotFoundError:
            return None
        checksum, payload = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
        if hashlib.sha256(payload).digest() != checksum:
            logging.warning("%s is damaged; its video is decoded again", printable(path))
            _remove(path)
            return None
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            return CachedFeatures(
                features=arrays["features"],
                timestamps_s=arrays["timestamps_s"],
                face_status=str(arrays["face_status"]),
                good_frames=int(arrays["good_frames"]),
                truncated=bool(arrays["truncated"]),
                color=str(arrays["color"]),
                sampled_as=str(arrays["sampled_as"]),
                crop_side=int(arrays["crop_side"]),
                notes=tuple(map(str, arrays["notes"])),
            )

    def write(self, content_digest: str, entry: CachedFeatures) -> None:
        """Stores an entry atomically."""
        buffer = io.BytesIO()
        np.savez(buffer, **dataclasses.asdict(entry))
        payload = buffer.getvalue()
        write_whole(self.path(content_digest), hashlib.sha256(payload).digest() + payload)
        if not self._described:
            write_whole(os.path.join(self._folder, SETTINGS_FILE), self._settings.encode())
            self._described = True


def _remove(path: str) -> None:
    try:
        storage.remove(path)
    except FileNotFoundError:
        # Another run wrote it first.
        return
