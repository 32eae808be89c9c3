"""A cache of frame features, by the content of the video and by everything that decides its features."""

import dataclasses
import hashlib
import io
import logging
import os
import uuid

import numpy as np
import tensorflow as tf

from components.video_files import is_remote

_CHECKSUM_BYTES = 32


@dataclasses.dataclass(frozen=True)
class CachedFeatures:
    """What is kept of one video.

    Attributes:
        features: float32 [n, D], of the frames that were sampled.
        timestamps_s: float32 [n].
        face_status: what the crop found.
        good_frames: how many frames of the video came out whole.
        truncated: whether parts of the video are missing or damaged.
    """

    features: np.ndarray
    timestamps_s: np.ndarray
    face_status: str
    good_frames: int
    truncated: bool


class FeatureCache:
    """Entries in a folder or a bucket, each written at once and checked when it is read.

    Several runs may share one: an entry's name says what is in it, so whoever writes it writes the same.
    """

    def __init__(self, folder: str, fingerprint: str) -> None:
        """Reads and writes nothing yet.

        Args:
            folder: local folder or bucket, made where it is not there.
            fingerprint: of all that decides features besides the video.
        """
        self._folder = folder
        self._fingerprint = fingerprint

    def path(self, content_digest: str) -> str:
        """Where the entry for a video of this digest (sha256, hexadecimal) is, or would be."""
        key = hashlib.sha256(f"{content_digest}\0{self._fingerprint}".encode()).hexdigest()
        return os.path.join(self._folder, key[:2], f"{key[2:]}.features")

    def read(self, content_digest: str) -> CachedFeatures | None:
        """Gives the entry, or None if there is none; a damaged one is removed."""
        path = self.path(content_digest)
        try:
            with tf.io.gfile.GFile(path, "rb") as file:
                content = file.read()
        except tf.errors.NotFoundError:
            return None
        checksum, payload = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
        if hashlib.sha256(payload).digest() != checksum:
            logging.warning("%s is damaged; its video is decoded again", path)
            _remove(path)
            return None
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            return CachedFeatures(
                features=arrays["features"],
                timestamps_s=arrays["timestamps_s"],
                face_status=str(arrays["face_status"]),
                good_frames=int(arrays["good_frames"]),
                truncated=bool(arrays["truncated"]),
            )

    def write(self, content_digest: str, entry: CachedFeatures) -> None:
        """Keeps an entry; a reader sees it whole or not at all."""
        buffer = io.BytesIO()
        np.savez(buffer, **dataclasses.asdict(entry))
        payload = buffer.getvalue()
        path = self.path(content_digest)
        # A bucket shows an object once it is whole.
        target = path if is_remote(path) else f"{path}.{uuid.uuid4().hex}.partial"
        tf.io.gfile.makedirs(os.path.dirname(path))
        with tf.io.gfile.GFile(target, "wb") as file:
            file.write(hashlib.sha256(payload).digest() + payload)
        if target != path:
            tf.io.gfile.rename(target, path, overwrite=True)


def _remove(path: str) -> None:
    try:
        tf.io.gfile.remove(path)
    except tf.errors.NotFoundError:
        # Another run was quicker.
        return
