"""A cache of frame features, keyed by the video's content and everything that determines its features."""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from typing import Final

from components import storage
from components.errors import UserError
from components.file_faults import reason
from components.frame_feature_gen.cached_features import CachedFeatures, from_bytes, to_bytes
from components.notices import notify
from components.regular_files import read_regular_file
from components.uris import is_remote
from components.whole_files import write_whole

SETTINGS_FILE: Final = "settings.json"
ENTRY_SUFFIX: Final = ".features"
_CHECKSUM_BYTES = 32
_FINGERPRINT_LENGTH = 16
# A hundred times the largest entry: what is larger is none, and is not read.
_MAX_BYTES = 32 << 20
# The second is that of S3.
_TROUBLE: Final = (OSError, UserError)


class FeatureCache:
    """Entries in a folder or a bucket, one for each clip, each written atomically and checked when read.

    Several runs may share one: entries are named by what determines their content, so all writers of an entry write the
    same. Entries with the same settings share a folder, next to a file that records these settings.

    A run does without it: whatever is wrong with an entry or the folder costs time, and one notice.
    """

    def __init__(self, folder: str, settings: Mapping[str, object]) -> None:
        """Does no I/O yet.

        Args:
            folder: local folder or bucket, created if missing.
            settings: everything that determines features besides the video; must be JSON-serializable.
        """
        self._root = folder
        self._settings = json.dumps(settings, sort_keys=True)
        self._folder = os.path.join(folder, hashlib.sha256(self._settings.encode()).hexdigest()[:_FINGERPRINT_LENGTH])
        self._described = False

    def path(self, content_digest: str, clip: str = "") -> str:
        """Returns where the entry for a clip of a video with this digest (sha256, hexadecimal) is, or would be.

        Args:
            content_digest: of the video.
            clip: the clip's name among the video's; empty for the only one of a whole video.
        """
        name = f"{content_digest[2:]}{clip}{ENTRY_SUFFIX}"
        return os.path.join(self._folder, content_digest[:2], name)

    def read(self, content_digest: str, clip: str = "") -> CachedFeatures | None:
        """Returns the entry, or None if there is none of this very clip; what is there in its place is removed."""
        path = self.path(content_digest, clip)
        try:
            return self._checked(content_digest + clip, _read(path))
        except ValueError as error:
            self._tell(path, str(error))
            # A folder stays.
            with contextlib.suppress(*_TROUBLE):
                storage.remove(path)
        except FileNotFoundError:
            pass
        except _TROUBLE as error:
            self._tell(path, _words(error))
        return None

    def write(self, content_digest: str, entry: CachedFeatures, clip: str = "") -> bool:
        """Stores an entry atomically; returns whether it could be."""
        payload = to_bytes(entry)
        kept = self._write(self.path(content_digest, clip), self._checksum(content_digest + clip, payload) + payload)
        if kept and not self._described:
            self._described = self._write(os.path.join(self._folder, SETTINGS_FILE), self._settings.encode())
        return kept

    def _checksum(self, identity: str, payload: bytes) -> bytes:
        """Covers what the entry is for, so that one under another's name is none."""
        return hashlib.sha256(f"{self._settings}\n{identity}\n".encode() + payload).digest()

    def _checked(self, identity: str, content: bytes) -> CachedFeatures:
        checksum, payload = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
        # The second is of entries of the version before, which do not say what they are for.
        if checksum not in (self._checksum(identity, payload), hashlib.sha256(payload).digest()):
            raise ValueError("damaged, or another video's")
        return from_bytes(payload)

    def _write(self, path: str, content: bytes) -> bool:
        try:
            write_whole(path, content)
        except _TROUBLE as error:
            self._tell(path, _words(error))
            return False
        return True

    def _tell(self, path: str, what: str) -> None:
        notify(
            f"{path}: {what}; such videos are decoded again, which takes longer; mend the cache {self._root}, or name "
            "another (extraction.cache_dir, --cache-dir)",
            once=self._root,
        )


def _read(path: str) -> bytes:
    if is_remote(path):
        return storage.read_bytes(path)
    return read_regular_file(path, max_bytes=_MAX_BYTES)


def _words(error: OSError | UserError) -> str:
    return reason(error) if isinstance(error, OSError) else error.message
