"""`assets.extra/files.json`: the files of a pushed version, written last, so that readers can tell that it is whole.

In a bucket, where files arrive one by one, it is also what makes a folder a version.
"""

import os
from typing import Final

from components import storage
from components.json_files import read_json, write_json
from components.recorded_files import RecordedFile, find_damage, record_files
from components.served_model.description import DESCRIPTION_FILE

FILES_FILE: Final = "assets.extra/files.json"
GRAPH: Final = "saved_model.pb"

_EARLIER_PARTS: Final = (GRAPH, "variables/variables.index", DESCRIPTION_FILE)
"""What a version must have that an earlier version of the pipeline pushed, without a list of its files."""


def write_version_files(path: str) -> None:
    """Lists all files of the model in the local folder `path`, with sizes and digests."""
    write_json(os.path.join(path, FILES_FILE), record_files(path, content=True))


def lists_its_files(path: str) -> bool:
    """Whether the model says which files it has; those of a Trainer and of earlier versions do not."""
    return storage.exists(os.path.join(path, FILES_FILE))


def find_version_damage(path: str, *, content: bool | None = False) -> str:
    """Says in a few words why a folder is no whole version of a model; empty if it is one.

    Args:
        path: the folder.
        content: see `find_listed_damage`.
    """
    if lists_its_files(path):
        return find_listed_damage(path, content=content)
    parts = (part for part in _EARLIER_PARTS if not storage.exists(os.path.join(path, part)))
    return next((f"{part} is missing" for part in parts), "")


def find_listed_damage(path: str, *, content: bool | None = False) -> str:
    """Says in a few words how a model's files differ from the list of them; empty if they do not, or it has no list.

    Args:
        path: the folder.
        content: whether to read all files and compare digests, rather than sizes alone; None for on this machine only.
    """
    try:
        listed = read_json(os.path.join(path, FILES_FILE))
        files = {name: RecordedFile(*told) for name, told in listed.items()}
    except FileNotFoundError:
        return ""
    except (ValueError, TypeError, AttributeError, OSError):
        return f"{FILES_FILE} cannot be read"
    return find_damage(path, files, content=content)
