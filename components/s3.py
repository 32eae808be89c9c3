"""Objects in S3 stores; the functions are those of `components.storage`.

boto3 takes credentials, region and endpoint from the environment. A folder is what keys have in common up to a slash.
"""

import contextlib
import errno
import functools
import io
from collections.abc import Iterator
from typing import Any, Final

from components.errors import UserError
from components.globs import find_paths
from components.local_files import Stat

SCHEMES: Final = ("s3://", "minio://")
"""Kubeflow Pipelines calls the store that it brings along by the second."""

# One for each thread that asks for sizes and times.
_CONNECTIONS = 32
_CONNECT_S = 10
_MISSING = ("404", "NoSuchKey")


class UnreachableError(UserError):
    """The store was not reached, or refused."""


def is_s3(uri: str) -> bool:
    """Whether the uri belongs to an S3 store."""
    return uri.startswith(SCHEMES)


def read_bytes(uri: str) -> bytes:
    """Returns an object's content.

    Raises:
        FileNotFoundError: if there is no such object, here and below.
        UnreachableError: if the store cannot be reached, or refuses; here and below.
    """
    content = io.BytesIO()
    with _reached(uri) as (client, bucket, key):
        client.download_fileobj(bucket, key, content)
    return content.getvalue()


def read_pieces(uri: str) -> Iterator[bytes]:
    """Yields the content of an object, in one piece."""
    yield read_bytes(uri)


def write_bytes(uri: str, content: bytes) -> None:
    """Writes an object, which appears once complete."""
    with _reached(uri) as (client, bucket, key):
        client.put_object(Bucket=bucket, Key=key, Body=content)


def copy(source: str, target: str) -> None:
    """Copies an object to another, or to or from a local file."""
    if not is_s3(target):
        with _reached(source) as (client, bucket, key):
            client.download_file(bucket, key, target)
        return
    with _reached(target) as (client, bucket, key):
        if is_s3(source):
            source_bucket, source_key = _split(source)
            client.copy({"Bucket": source_bucket, "Key": source_key}, bucket, key)
        else:
            client.upload_file(source, bucket, key)


def exists(uri: str) -> bool:
    """Whether there is an object or a folder."""
    with _reached(uri) as (client, bucket, key):
        # Listed, since a store does not say why it refuses to tell of one object.
        first = client.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    return [found["Key"] for found in first] == [key] or isdir(uri)


def isdir(uri: str) -> bool:
    """Whether something is below the uri, or it is a bucket."""
    with _reached(uri) as (client, bucket, key):
        found = client.list_objects_v2(Bucket=bucket, Prefix=_prefix(key), MaxKeys=1)
    return not key or "Contents" in found


def listdir(uri: str) -> list[str]:
    """Returns the names in a folder, those of folders with a slash at the end; none if it is absent."""
    names = []
    with _reached(uri) as (client, bucket, key):
        prefix = _prefix(key)
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/"):
            names += [found["Prefix"] for found in page.get("CommonPrefixes", [])]
            names += [found["Key"] for found in page.get("Contents", [])]
    # The folder itself may be an object, made by another program.
    return sorted(name.removeprefix(prefix) for name in names if name != prefix)


def walk(uri: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields each folder with the names of its folders and files, from the top."""
    names = listdir(uri)
    folders = [name.rstrip("/") for name in names if name.endswith("/")]
    yield uri, folders, [name for name in names if not name.endswith("/")]
    for folder in folders:
        yield from walk(f"{uri.rstrip('/')}/{folder}")


def glob(pattern: str) -> list[str]:
    """Returns the objects and folders that match."""
    scheme, _, path = pattern.partition("://")
    bucket, _, below = path.partition("/")
    return find_paths(f"{scheme}://{bucket}/", below, listdir, exists)


def stat(uri: str) -> Stat:
    """Returns size and time of an object; of a folder only that it is one."""
    try:
        with _reached(uri) as (client, bucket, key):
            told = client.head_object(Bucket=bucket, Key=key)
    except FileNotFoundError:
        if isdir(uri):
            return Stat(0, 0, is_directory=True)
        raise
    return Stat(told["ContentLength"], round(told["LastModified"].timestamp() * 1e9), is_directory=False)


def remove(uri: str) -> None:
    """Removes an object, if it is there."""
    with _reached(uri) as (client, bucket, key):
        client.delete_object(Bucket=bucket, Key=key)


def rmtree(uri: str) -> None:
    """Removes all objects below the uri."""
    for parent, _, names in walk(uri):
        for name in names:
            remove(f"{parent}/{name}")


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key.rstrip("/")


def _prefix(key: str) -> str:
    return f"{key}/" if key else ""


@contextlib.contextmanager
def _reached(uri: str) -> Iterator[tuple[Any, str, str]]:
    """Yields client, bucket and key, and words the errors of boto3."""
    client = _client()
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield client, *_split(uri)
    except (Boto3Error, BotoCoreError, ClientError) as error:
        answer = getattr(error, "response", {}).get("Error", {})
        if answer.get("Code") in _MISSING:
            raise FileNotFoundError(errno.ENOENT, "is not there", uri) from error
        reason = " ".join(str(error).split())
        raise UnreachableError(
            f"{uri}: cannot be reached ({reason}); check the bucket, AWS_ENDPOINT_URL and the access key"
        ) from error


@functools.cache
def _client() -> Any:
    """The client of this process, which its threads share."""
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise UserError(
            f"s3://: {error.name} is not installed; type pip install 'deepfake-video-pipeline[s3]'"
        ) from error
    config = Config(retries={"mode": "standard"}, connect_timeout=_CONNECT_S, max_pool_connections=_CONNECTIONS)
    return boto3.session.Session().client("s3", config=config)
