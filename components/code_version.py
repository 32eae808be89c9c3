"""What a node's result depends on besides its parameters: our code and its libraries."""

import hashlib
import pathlib

from components.source_digest import imported_files, source_root
from components.stack import stack_versions

_COMPILED = "__pycache__"


def code_version(*components: str, root: pathlib.Path | None = None) -> str:
    """Fingerprints all files in the named component folders, templates included, and all modules that they import.

    TFX's cache key covers parameters and input artifacts only, so this is passed to every node as a parameter: an
    upgraded project never reuses the result of an older version.

    Args:
        components: names of folders.
        root: the folder that they are in; by default the imported package.
    """
    root = root or source_root()
    own = {
        file
        for component in components
        for file in (root / component).rglob("*")
        if file.is_file() and _COMPILED not in file.parts
    }
    files = own | imported_files([file for file in own if file.suffix == ".py"], root)
    digest = hashlib.sha256()
    for library, version in stack_versions().items():
        digest.update(f"{library}=={version}\n".encode())
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]
