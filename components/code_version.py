"""What a node's result depends on besides its parameters: our code and the libraries beneath it."""

import functools
import hashlib
import importlib.metadata
import pathlib

# Templates are code, too.
_SOURCES = (".py", ".html", ".css", ".js")
_LIBRARIES = ("tfx", "tensorflow", "keras", "apache-beam", "opencv-python-headless", "av")


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
    for library in _LIBRARIES:
        digest.update(f"{library}=={importlib.metadata.version(library)}\n".encode())
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]
