"""A fresh Debian 13 in a folder, with what the README asks for and pyenv's Python 3.12."""

import contextlib
import dataclasses
import hashlib
import pathlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from buildah import output
from debian import bootstrap, interpreter, network_files, network_variables, packages_beneath
from few_threads import thread_variables
from kept_folder import kept_folder

ROOT = pathlib.Path(__file__).parents[3]
README_ASKS_FOR = ["git", "make", "g++", "python3", "python3-venv", "python3-dev"]
SYSTEM_PYTHON = "3.13"
PYENV_PYTHON = "3.12"

# The mounts are visible only to this process and its children, and vanish with them.
_ENTER = """
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do mkdir -p "$root$2"; mount --bind "$1" "$root$2"; shift 2; done
shift
exec chroot "$root" "$@"
"""


@dataclasses.dataclass(frozen=True)
class DebianMachine:
    """Runs commands that see its own files, this machine's network and processors, and mounted folders."""

    root: pathlib.Path

    def run(
        self, *command: str, folder: str = "/root", mounts: Mapping[pathlib.Path, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command in `folder` as root, with folders of this machine mounted according to `mounts`."""
        return subprocess.run(self.command_line(command, folder, mounts or {}), capture_output=True, text=True)

    def command_line(self, command: Sequence[str], folder: str, mounts: Mapping[pathlib.Path, str]) -> list[str]:
        """The command that runs `command` in it from this machine."""
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", _ENTER, "sh", str(self.root)]
        mounted = [part for source, target in mounts.items() for part in (str(source), target)]
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment = {"HOME": "/root", "PATH": path, "LANG": "C.UTF-8", **network_variables(), **thread_variables()}
        variables = [f"{name}={value}" for name, value in environment.items()]
        return [*enter, *mounted, "--", "env", "--ignore-environment", f"--chdir={folder}", *variables, *command]

    def clone(self, name: str) -> str:
        """Clones the committed state into /root/NAME, and returns that path."""
        target = self.root / "root" / name
        shutil.rmtree(target, ignore_errors=True)
        output("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(target))
        return f"/root/{name}"


def missing_for_machine() -> str:
    """Returns why a Debian cannot be made on this machine; empty if it can."""
    missing = [program for program in ("debootstrap", "unshare", "git") if not shutil.which(program)]
    if missing:
        return f"{', '.join(missing)} missing; run scripts/install_engines.sh"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        return "debootstrap and mounts need root"
    return ""


@contextlib.contextmanager
def debian_machine() -> Iterator[DebianMachine]:
    """The machine, made once and kept in ~/.cache/deepfake-debian-test with the packages downloaded in it."""
    with kept_folder("deepfake-debian-test") as folder:
        root, made_from = folder / "root", folder / "made_from"
        fingerprint = _fingerprint()
        if not made_from.is_file() or made_from.read_text() != fingerprint:
            shutil.rmtree(root, ignore_errors=True)
            _make(root)
            made_from.write_text(fingerprint)
        # The network may have changed since it was made.
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        yield DebianMachine(root)


def _make(root: pathlib.Path) -> None:
    bootstrap(root, README_ASKS_FOR)
    for file in network_files():
        shutil.copy(file, root / file.relative_to("/"))
    if prefix := interpreter(PYENV_PYTHON):
        target = root / "root/.pyenv/versions" / prefix.name
        shutil.copytree(prefix, target, symlinks=True, ignore=shutil.ignore_patterns("test", "__pycache__"))
        # Unlike debootstrap, apt resolves the name that a library had in an earlier release.
        install = ["apt-get", "install", "--yes", *packages_beneath(prefix, PYENV_PYTHON)]
        for command in (["apt-get", "update"], install):
            done = DebianMachine(root).run(*command)
            assert done.returncode == 0, done.stderr[-2000:]


def _fingerprint() -> str:
    sources = [pathlib.Path(__file__), pathlib.Path(__file__).parents[1] / "debian.py", *network_files()]
    python = str(interpreter(PYENV_PYTHON)).encode()
    return hashlib.sha256(b"".join([*(source.read_bytes() for source in sources), python])).hexdigest()
