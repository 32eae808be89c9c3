"""What a node's result depends on besides its parameters: our code and the libraries beneath it."""

import functools
import hashlib
import pathlib

from components.stack import stack_versions

# Templates are code, too.
_SOURCES = (".py", ".html", ".css", ".js")


@functools.cache
def code_version(*components: str) -> str:
    """Fingerprints the source of the named component folders and of the modules shared by all.

    TFX's cache knows parameters and input artifacts only, so this goes into every node as a parameter:
    an upgraded project never takes an older one's result for its own.
    """
    root = pathlib.Path(__file__).parent
    files = sorted(root.glob("*.py"))
    for component in components:
        files += sorted(file for file in (root / component).rglob("*") if file.suffix in _SOURCES)
    digest = hashlib.sha256()
    for library, version in stack_versions().items():
        digest.update(f"{library}=={version}\n".encode())
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]
