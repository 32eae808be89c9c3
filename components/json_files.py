"""Files that hold one JSON object or list."""

import json
from typing import Any

from components import storage
from components.whole_files import write_whole


def read_json(path: str) -> Any:
    """Reads a file.

    Raises:
        FileNotFoundError: if it is missing.
        ValueError: if it is not JSON.
    """
    return json.loads(storage.read_bytes(path))


def write_json(path: str, content: Any) -> None:
    """Writes a file atomically; creates its folder."""
    write_whole(path, json.dumps(content, indent=2).encode())
