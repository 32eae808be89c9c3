"""Names of local files and of objects in buckets."""

import os


def join_uri(root: str, relative: str) -> str:
    """Joins a data root (local folder or bucket) and a path relative to it."""
    return os.path.join(root, relative)


def is_remote(uri: str) -> bool:
    """Whether the uri is an object in a bucket rather than a local file."""
    return "://" in uri
