"""An S3 server that holds a small data set, and the `deepfake` command with its clients directed there."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from s3_server import S3Server, installed_server, s3_server


@pytest.fixture(scope="session")
def s3(tmp_path_factory) -> Iterator[S3Server]:
    """The server; this process's clients are directed there, too."""
    if not shutil.which("go"):
        pytest.skip("go missing, which builds the S3 server")
    with (
        s3_server(installed_server(), tmp_path_factory.mktemp("s3")) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in running.environment.items():
            patch.setenv(name, value)
        yield running


@pytest.fixture(scope="session")
def data_root(s3, local_data) -> str:
    """The uri of the same data set in the bucket."""
    return s3.upload(local_data, "data")


@dataclasses.dataclass(frozen=True)
class Deepfake:
    """The command, typed in `folder`; keyword arguments are environment variables."""

    folder: pathlib.Path
    environment: dict[str, str]

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [pathlib.Path(sys.executable).parent / "deepfake", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture(scope="session")
def deepfake(s3, tmp_path_factory) -> Deepfake:
    return Deepfake(tmp_path_factory.mktemp("current"), s3.environment)
