"""An S3 server on loopback: Versity's gateway, a Go program that serves the folders below one folder as buckets."""

import contextlib
import dataclasses
import os
import pathlib
import socket
import subprocess
from collections.abc import Iterator

import boto3
from kept_folder import kept_folder
from waiting import wait_until

_MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
_HOST = "127.0.0.1"
_BUCKET = "bucket"


@dataclasses.dataclass(frozen=True)
class S3Server:
    """A running server with one bucket.

    Attributes:
        uri: uri of the bucket.
        client: direct access to it.
        environment: what directs a process's clients to it.
    """

    uri: str
    client: object
    environment: dict[str, str]

    def objects(self, prefix: str = "") -> list[str]:
        """The keys of the objects that begin with `prefix`, sorted."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=_BUCKET, Prefix=prefix)
        return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def upload(self, folder: pathlib.Path, prefix: str) -> str:
        """Uploads the files of a folder, and returns their folder's uri."""
        for path in folder.iterdir():
            self.client.upload_file(str(path), _BUCKET, f"{prefix}/{path.name}")
        return f"{self.uri}/{prefix}"


def installed_server() -> pathlib.Path:
    """Returns the program, which is built once and kept in ~/.cache/deepfake-s3-test."""
    with kept_folder("deepfake-s3-test") as folder:
        program = folder / _MODULE.rpartition("@")[2] / "versitygw"
        if not program.exists():
            subprocess.run(["go", "install", _MODULE], env={**os.environ, "GOBIN": str(program.parent)}, check=True)
        return program


@contextlib.contextmanager
def s3_server(program: pathlib.Path, folder: pathlib.Path) -> Iterator[S3Server]:
    """Runs the server with one empty bucket, whose objects are files below `folder`."""
    port = _free_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "known to them alone",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    keys = ("--access", environment["AWS_ACCESS_KEY_ID"], "--secret", environment["AWS_SECRET_ACCESS_KEY"])
    server = subprocess.Popen([program, "--port", f"{_HOST}:{port}", *keys, "--quiet", "posix", folder])
    try:
        wait_until(lambda: _listens(port), alive=lambda: server.poll() is None, seconds=30, what="the S3 server")
        client = boto3.client(
            "s3",
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            region_name=environment["AWS_DEFAULT_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )
        client.create_bucket(Bucket=_BUCKET)
        yield S3Server(f"s3://{_BUCKET}", client, environment)
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((_HOST, port)) == 0
