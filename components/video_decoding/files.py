"""Finds videos on disks and in buckets and copies them to this machine."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from typing import Final

from components import storage
from components.passing_trouble import Blame, BlamedError
from components.regular_files import open_regular_file, require_regular_file
from components.s3 import UnreachableError
from components.uris import is_remote
from components.video_errors import Reason, VideoError

MAX_COPY_BYTES: Final = 4 << 30
"""The largest remote video that is copied to a temporary file, 4 GiB."""

_CHUNK_BYTES = 1 << 20
# Of this machine's disk, which no other video would fare better on.
_FAULTS_OF_THE_COPY: Final = frozenset({errno.EDQUOT, errno.ENOSPC, errno.EROFS})


@contextlib.contextmanager
def local_copy(uri: str, *, max_bytes: int = MAX_COPY_BYTES) -> Iterator[str]:
    """Yields a local path for `uri`: itself, or a temporary copy that exists as long as the context.

    A local file is never copied. A remote one is read once, from start to end.

    Args:
        uri: uri of the video.
        max_bytes: the largest remote video that is copied; a larger one is refused before it is read.

    Raises:
        VideoError: `missing` if it does not exist; `not_a_video` if it is a pipe or the like; `too_large`;
            `unreadable_container` if its storage refuses it, after the retries of its client.
        OSError: if this machine has no room for the copy.
    """
    if not is_remote(uri):
        require_regular_file(uri)
        yield uri
        return
    with tempfile.TemporaryDirectory(prefix="deepfake-video-") as folder:
        path = os.path.join(folder, os.path.basename(uri))
        try:
            _copy_remote(uri, path, max_bytes)
        except FileNotFoundError as error:
            raise VideoError(Reason.MISSING, f"{uri} is not there") from error
        except UnreachableError as error:
            raise _refused_by_storage(str(error)) from error
        except OSError as error:
            if error.errno in _FAULTS_OF_THE_COPY:
                raise
            raise _refused_by_storage(f"{uri}: {error.strerror or error}") from error
        yield path


@contextlib.contextmanager
def unchanged(path: str, content_digest: str) -> Iterator[None]:
    """Checks that a local file is still the one that was listed when the context ends.

    What is read within the context may be stored under the digest, so a file that was replaced after it was listed, or
    is replaced meanwhile, is refused.

    Args:
        path: path of the file.
        content_digest: its digest when it was listed, as `hash_file` returns it; empty if that is not known.

    Raises:
        VideoError: `changed`.
    """
    before = _identity(path)
    yield
    # Hashed again, since comparing times is not enough: a copy over the file may preserve them.
    if content_digest and (hash_file(path)[0] != content_digest or _identity(path) != before):
        raise VideoError(Reason.CHANGED, "the file is not the one that was listed; run again to take the new one")


def hash_file(path: str) -> tuple[str, int]:
    """Returns the SHA-256, in hexadecimal, and the size in bytes of a local file.

    Raises:
        VideoError: `unreadable_container` if it cannot be read to its end; `missing`; `not_a_video` if it is no file.
    """
    digest, size_bytes = hashlib.sha256(), 0
    try:
        with open_regular_file(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
    except FileNotFoundError as error:
        raise VideoError(Reason.MISSING, f"{path} is not there") from error
    except OSError as error:
        raise _refused_by_storage(f"{error.strerror} after {size_bytes} bytes") from error
    return digest.hexdigest(), size_bytes


def _identity(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise VideoError(Reason.MISSING, f"{path} is not there") from error
    except OSError as error:
        raise _refused_by_storage(f"{path}: {error.strerror}") from error
    # Not the inode, which mounted buckets may renumber, nor ctime, which a mere chmod changes.
    return status.st_size, status.st_mtime_ns


def _refused_by_storage(detail: str) -> VideoError:
    """Returns the error for bytes that were not given, which tells nothing of those that are there."""
    return BlamedError(Reason.UNREADABLE_CONTAINER, detail, Blame.UNCLEAR)


def _copy_remote(uri: str, path: str, max_bytes: int) -> None:
    size_bytes = storage.stat(uri).length
    if size_bytes > max_bytes:
        raise VideoError(Reason.TOO_LARGE, f"{uri} has {size_bytes} bytes, more than the {max_bytes} that are copied")
    storage.copy(uri, path)
