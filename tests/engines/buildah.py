"""Builds and runs the project's container image with Debian's buildah, which needs neither Docker nor a registry."""

import contextlib
import dataclasses
import json
import pathlib
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Buildah:
    """The program buildah, with its storage in `folder`."""

    folder: pathlib.Path

    def command(self, *arguments: str) -> list[str]:
        """The command line of `buildah ARGUMENTS`."""
        storage = ["--root", str(self.folder / "storage"), "--runroot", str(self.folder / "run")]
        return ["env", "BUILDAH_ISOLATION=chroot", "buildah", *storage, *arguments]

    def __call__(self, *arguments: str) -> str:
        """Runs `buildah ARGUMENTS` and returns what it prints; raises RuntimeError with the end of its log."""
        return output(*self.command(*arguments))

    def has(self, image: str) -> bool:
        """Whether the storage has an image of that name."""
        return bool(self("images", "--quiet", "--filter", f"reference={image}"))

    @contextlib.contextmanager
    def container(self, image: str) -> Iterator[str]:
        """A working container on top of `image`, removed at the end."""
        name = self("from", "--pull-never", image)
        try:
            yield name
        finally:
            self("rm", name)


@dataclasses.dataclass(frozen=True)
class Image:
    """An image in buildah's storage. Each command runs in a fresh container."""

    buildah: Buildah
    name: str

    @property
    def config(self) -> dict[str, Any]:
        """The image's configuration: User, Env, Entrypoint, Cmd, Labels and so on."""
        return json.loads(self.buildah("inspect", "--type", "image", self.name))["OCIv1"]["config"]

    def run(
        self, *command: str, mounts: Sequence[pathlib.Path] = (), user: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command in place of the entrypoint, as Kubeflow Pipelines and Vertex AI do for a task.

        Host folders in `mounts` appear under the same path. They are made world-writable, since the command runs as
        the image's user, or as `user`. The network is the host's.
        """
        with self._command_line(command, mounts, user) as line:
            return subprocess.run(line, capture_output=True, text=True)

    @contextlib.contextmanager
    def start(self, *command: str, mounts: Sequence[pathlib.Path] = ()) -> Iterator[subprocess.Popen[bytes]]:
        """Starts a command like `run`; it is killed at the end of the context."""
        with self._command_line(command, mounts, None) as line:
            process = subprocess.Popen(line)
            try:
                yield process
            finally:
                process.terminate()
                process.wait()

    @contextlib.contextmanager
    def _command_line(
        self, command: Sequence[str], mounts: Sequence[pathlib.Path], user: str | None
    ) -> Iterator[list[str]]:
        # A host name that resolves in every container, since Beam's runner passes its own to the workers.
        options = ["--hostname", "localhost", *(["--user", user] if user else [])]
        for mount in mounts:
            mount.chmod(0o777)
            options += ["--volume", f"{mount}:{mount}"]
        with self.buildah.container(self.name) as container:
            yield self.buildah.command("run", *options, container, "--", *command)


def output(*command: str) -> str:
    """Returns what a program prints; raises RuntimeError with the end of its log."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout.strip()
