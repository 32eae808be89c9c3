"""Builds the project's Dockerfile on base images made here."""

import concurrent.futures
import pathlib

from base_images import beam_base, python_base
from buildah import Buildah, Image

ROOT = pathlib.Path(__file__).parents[2]


def build_image(buildah: Buildah) -> Image:
    """Builds the project's Dockerfile; unchanged layers are taken from the storage."""
    buildah("rm", "--all")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        python, beam = pool.map(lambda make: make(buildah), (python_base, beam_base))
    names = [python, beam]
    for target in ("package", "image"):
        names.append(f"localhost/deepfake-{target}:latest")
        arguments = ["--build-arg", f"BASE={python}", "--build-arg", f"BEAM_BASE={beam}", "--target", target]
        buildah("bud", "--layers", "--pull-never", *arguments, "--tag", names[-1], str(ROOT))
    _remove_images_but(buildah, names)
    return Image(buildah, names[-1])


def _remove_images_but(buildah: Buildah, names: list[str]) -> None:
    for name in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
        if name not in names and not name.startswith("<none>"):
            buildah("rmi", name)
    buildah("rmi", "--prune")
