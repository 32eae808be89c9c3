"""Builds a Debian 13 from Debian's packages: the base of the image's tests, and a machine for the newest stack.

What this machine needs to reach package indexes (certificates, settings of pip and uv, proxies) is copied into it,
never into the project.
"""

import os
import pathlib
import re
import shutil
import sys

from buildah import output

SUITE = "trixie"
_CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
_PIP_SETTINGS = pathlib.Path("/etc/pip.conf")
_NETWORK_VARIABLE = re.compile(r"(PIP|UV)_\w*(INDEX|HOST|CERT|TLS|TIMEOUT)\w*|(HTTPS?|NO)_PROXY", re.IGNORECASE)


def bootstrap(root: pathlib.Path, packages: list[str]) -> None:
    """Installs a minimal Debian into the folder `root`, with additional packages."""
    mirrors = output("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian")
    include = ",".join(["ca-certificates", *packages])
    # Without a mirror configured on this machine, debootstrap uses Debian's own.
    output("debootstrap", "--variant=minbase", f"--include={include}", SUITE, str(root), *mirrors.split()[:1])


def network_files() -> list[pathlib.Path]:
    """Files of this machine that are needed to reach the indexes, to be copied to the same paths."""
    return [file for file in (_CERTIFICATES, _PIP_SETTINGS) if file.is_file()]


def network_variables() -> dict[str, str]:
    """Environment variables of this process that are needed to reach the indexes."""
    variables = {name: value for name, value in os.environ.items() if _NETWORK_VARIABLE.fullmatch(name)}
    return {**variables, "SSL_CERT_FILE": str(_CERTIFICATES)}


def interpreter(version: str) -> pathlib.Path | None:
    """The folder of an interpreter that can be copied: the running one, or one of pyenv's."""
    if sys.base_prefix != "/usr" and version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return pathlib.Path(sys.base_prefix)
    versions = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv") / "versions"
    return max(versions.glob(f"{version}.*"), default=None)


def packages_beneath(prefix: pathlib.Path, version: str) -> list[str]:
    """The Debian packages of the libraries that the interpreter and its extension modules link to."""
    python = f"python{version}"
    modules = [path for path in prefix.glob(f"lib/{python}/lib-dynload/*.so") if "tkinter" not in path.name]
    linked = re.findall(r"=> (/\S+)", output("ldd", *map(str, [prefix / "bin" / python, *modules])))
    libraries = {path.name for path in map(pathlib.Path, linked) if not path.is_relative_to(prefix)}
    owners = output("dpkg-query", "--search", *sorted(f"*/{library}" for library in libraries))
    return sorted({line.partition(":")[0] for line in owners.splitlines()})


def copy_interpreter(prefix: pathlib.Path, version: str, target: pathlib.Path) -> None:
    """Copies an interpreter without its installed packages and its GUI modules."""
    python = f"python{version}"
    unwanted = ("site-packages", "test", "__pycache__", "*tkinter*", "idlelib", "EXTERNALLY-MANAGED")
    for folder in ("lib", "include"):
        shutil.copytree(prefix / folder / python, target / folder / python, ignore=shutil.ignore_patterns(*unwanted))
    (target / "lib" / python / "site-packages").mkdir()
    (target / "bin").mkdir(exist_ok=True)
    for file in [prefix / "bin" / python, *prefix.glob("lib/libpython*.so*")]:
        shutil.copy(file, target / file.relative_to(prefix))
    for alias in ("python", "python3"):
        (target / "bin" / alias).symlink_to(python)
