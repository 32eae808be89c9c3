"""Makes the images that the Dockerfile starts from, since no registry is needed for the tests.

They are Debian's smallest system with a copy of the interpreter that runs the tests, and Beam's boot program, compiled
from its source. What this machine needs to reach the package index (certificates, settings of pip and uv, proxies)
goes into the former, never into the Dockerfile.
"""

import hashlib
import importlib.metadata
import os
import pathlib
import platform
import re
import shutil
import sys

from buildah import Buildah, output

_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
_PIP_SETTINGS = pathlib.Path("/etc/pip.conf")
_NETWORK_VARIABLE = re.compile(r"(PIP|UV)_\w*(INDEX|HOST|CERT|TLS|TIMEOUT)\w*|(HTTPS?|NO)_PROXY", re.IGNORECASE)


def python_base(buildah: Buildah) -> str:
    """An image like the official one of Python, for this machine's network."""
    prefix, suite = pathlib.Path(sys.base_prefix), platform.freedesktop_os_release()["VERSION_CODENAME"]
    variables = {name: value for name, value in os.environ.items() if _NETWORK_VARIABLE.fullmatch(name)}
    variables["SSL_CERT_FILE"] = str(_CERTIFICATES)
    files = [file for file in (_CERTIFICATES, _PIP_SETTINGS) if file.is_file()]
    inputs = [pathlib.Path(file).read_bytes() for file in (__file__, *files)]
    inputs.append(repr((prefix, suite, sys.version, sorted(variables.items()))).encode())
    name = f"localhost/python:{hashlib.sha256(b''.join(inputs)).hexdigest()[:16]}"
    if buildah.has(name):
        return name
    with buildah.container("scratch") as container:
        root = pathlib.Path(buildah("mount", container))
        packages = ",".join(["ca-certificates", *_packages_beneath(prefix)])
        mirrors = output(
            "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Release: {suite}"
        )
        output("debootstrap", "--variant=minbase", f"--include={packages}", suite, str(root), mirrors.split()[0])
        # As in the official image; there is no other place where apt's archives are emptied.
        clean = 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin"; };\n'
        (root / "etc/apt/apt.conf.d/docker-clean").write_text(clean)
        shutil.rmtree(root / "var/cache/apt/archives")
        _copy_interpreter(prefix, root / "usr/local")
        for file in files:
            shutil.copy(file, root / file.relative_to("/"))
        buildah("run", container, "--", "ldconfig")
        buildah("run", container, "--", _PYTHON, "-m", "ensurepip")
        for variable, value in variables.items():
            buildah("config", "--env", f"{variable}={value}", container)
        buildah("commit", container, name)
    return name


def _packages_beneath(prefix: pathlib.Path) -> list[str]:
    """Names the Debian packages of the libraries that the interpreter and its own modules are linked with."""
    modules = [path for path in prefix.glob(f"lib/{_PYTHON}/lib-dynload/*.so") if "tkinter" not in path.name]
    linked = re.findall(r"=> (/\S+)", output("ldd", *map(str, [prefix / "bin" / _PYTHON, *modules])))
    libraries = {path.name for path in map(pathlib.Path, linked) if not path.is_relative_to(prefix)}
    owners = output("dpkg-query", "--search", *sorted(f"*/{library}" for library in libraries))
    return sorted({line.partition(":")[0] for line in owners.splitlines()})


def _copy_interpreter(prefix: pathlib.Path, target: pathlib.Path) -> None:
    """Copies it without the packages installed in it and without what needs a screen."""
    unwanted = ("site-packages", "test", "__pycache__", "*tkinter*", "idlelib", "EXTERNALLY-MANAGED")
    for folder in ("lib", "include"):
        shutil.copytree(prefix / folder / _PYTHON, target / folder / _PYTHON, ignore=shutil.ignore_patterns(*unwanted))
    (target / "lib" / _PYTHON / "site-packages").mkdir()
    for file in [prefix / "bin" / _PYTHON, *prefix.glob("lib/libpython*.so*")]:
        shutil.copy(file, target / file.relative_to(prefix))
    for alias in ("python", "python3"):
        (target / "bin" / alias).symlink_to(_PYTHON)


def beam_base(buildah: Buildah) -> str:
    """An image with nothing but Beam's boot program, in the place where Beam's own image has it."""
    version = importlib.metadata.version("apache-beam")
    name = f"localhost/beam:{version}"
    if buildah.has(name):
        return name
    programs = buildah.folder / "beam"
    source = f"github.com/apache/beam/sdks/v2/python/container@v{version}"
    output("env", "CGO_ENABLED=0", f"GOBIN={programs}", "go", "install", source)
    with buildah.container("scratch") as container:
        buildah("copy", container, str(programs / "container"), "/opt/apache/beam/boot")
        buildah("commit", container, name)
    shutil.rmtree(programs)
    return name
