"""Folders of files, locally and in buckets, where names contain slashes but folders do not exist.

TensorFlow marks a folder in a bucket with an empty object whose name ends in `/`. No reader needs the mark, and the
launcher of Kubeflow Pipelines downloads it as a file in the folder's place, so the folder's files find no place there.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence

from components import storage
from components.uris import is_remote


def make_folder(path: str) -> None:
    """Creates a local folder and its parents unless they exist; does nothing in a bucket."""
    if not is_remote(path):
        os.makedirs(path, exist_ok=True)


def copy_files(source: str, target: str, *, last: Sequence[str] = ()) -> None:
    """Copies the files below a folder to another folder, replacing existing ones; either may be in a bucket.

    Args:
        source: the folder to copy from.
        target: the folder to copy to.
        last: the relative paths of files that are copied after all others, in this order, so that the presence of the
            last one means a whole copy.
    """
    start = len(source.rstrip("/")) + 1
    files: list[str] = []
    for parent, _, names in storage.walk(source):
        make_folder(os.path.join(target, parent[start:]))
        files += [os.path.join(parent, name)[start:] for name in names]
    for file in sorted(files, key=lambda file: last.index(file) if file in last else -1):
        storage.copy(os.path.join(source, file), os.path.join(target, file))


@contextlib.contextmanager
def staging_folder(target: str) -> Iterator[str]:
    """Yields a local folder to write to: `target`, or, for a bucket, a temporary one that is copied there at the end.

    For libraries that write to local folders only, or mark folders in a bucket. Nothing is copied after an exception.
    """
    if not is_remote(target):
        yield target
        return
    with tempfile.TemporaryDirectory(prefix="deepfake-staging-") as folder:
        yield folder
        copy_files(folder, target)
