"""Builds the images that the Dockerfile starts from, so that the tests need no registry.

They are a minimal Debian with a copy of this machine's interpreter, and Beam's boot program, compiled from source.
"""

import hashlib
import pathlib
import re
import shutil

from buildah import Buildah, output
from debian import SUITE, bootstrap, copy_interpreter, interpreter, network_files, network_variables, packages_beneath

ROOT = pathlib.Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
(PYTHON,) = re.findall(rf"^ARG BASE=python:(.+)-slim-{SUITE}$", DOCKERFILE, re.MULTILINE)
(_BEAM,) = re.findall(r"^ARG BEAM_BASE=.+:(.+)$", DOCKERFILE, re.MULTILINE)


def python_base(buildah: Buildah) -> str:
    """An image like Python's official one, configured for this machine's network."""
    prefix, variables, files = interpreter(PYTHON), network_variables(), network_files()
    assert prefix is not None
    sources = (__file__, pathlib.Path(__file__).with_name("debian.py"), *files)
    inputs = [pathlib.Path(file).read_bytes() for file in sources]
    inputs.append(repr((prefix, sorted(variables.items()))).encode())
    name = f"localhost/python:{hashlib.sha256(b''.join(inputs)).hexdigest()[:16]}"
    if buildah.has(name):
        return name
    with buildah.container("scratch") as container:
        root = pathlib.Path(buildah("mount", container))
        bootstrap(root, [])
        # As in the official image; nothing else empties apt's archives.
        clean = 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin"; };\n'
        (root / "etc/apt/apt.conf.d/docker-clean").write_text(clean)
        shutil.rmtree(root / "var/cache/apt/archives")
        # Unlike debootstrap, apt resolves the name that a library had in an earlier release.
        install = f"apt-get update && apt-get install --yes {' '.join(packages_beneath(prefix, PYTHON))}"
        buildah("run", container, "--", "sh", "-c", f"{install} && rm -rf /var/lib/apt/lists/*")
        copy_interpreter(prefix, PYTHON, root / "usr/local")
        for file in files:
            shutil.copy(file, root / file.relative_to("/"))
        buildah("run", container, "--", "ldconfig")
        buildah("run", container, "--", f"python{PYTHON}", "-m", "ensurepip")
        for variable, value in variables.items():
            buildah("config", "--env", f"{variable}={value}", container)
        buildah("commit", container, name)
    return name


def beam_base(buildah: Buildah) -> str:
    """An image with nothing but Beam's boot program, at the same path as in Beam's own image."""
    name = f"localhost/beam:{_BEAM}"
    if buildah.has(name):
        return name
    programs = buildah.folder / "beam"
    source = f"github.com/apache/beam/sdks/v2/python/container@v{_BEAM}"
    output("env", "CGO_ENABLED=0", f"GOBIN={programs}", "go", "install", source)
    with buildah.container("scratch") as container:
        buildah("copy", container, str(programs / "container"), "/opt/apache/beam/boot")
        buildah("commit", container, name)
    shutil.rmtree(programs)
    return name
