"""Lists the contents of a folder."""

import dataclasses
import os
import unicodedata

from components import storage
from components.errors import UserError
from components.uris import is_remote, join_uri


@dataclasses.dataclass(frozen=True)
class Listing:
    """The names in a folder; `links` are the symbolic links among them, including broken ones.

    `special` are pipes, devices and sockets, which are not among the files.
    """

    files: frozenset[str]
    folders: tuple[str, ...]
    links: frozenset[str]
    special: frozenset[str] = frozenset()


def list_folder(folder: str) -> Listing:
    """Lists a folder, local or in a bucket.

    Raises:
        UserError: if it cannot be listed, or a name in it is not UTF-8.
    """
    try:
        listing = _list_remote(folder) if is_remote(folder) else _list_local(folder)
    except OSError as error:
        if is_remote(folder):
            raise _unreachable(folder, error) from error
        raise UserError(f"{folder}: cannot be listed ({error.strerror}); correct its permissions") from error
    for name in (*listing.files, *listing.folders, *listing.special):
        # TensorFlow, and so TFX, cannot list a folder with such a name.
        if any(unicodedata.category(char) == "Cs" for char in name):
            raise UserError(f"{folder}: the name {name!r} is not UTF-8; rename the file, or remove it")
    return listing


def exists(uri: str) -> bool:
    """Whether a file or folder exists.

    Raises:
        UserError: if it cannot be reached.
    """
    try:
        return storage.exists(uri)
    except OSError as error:
        raise _unreachable(uri, error) from error


def _unreachable(uri: str, error: OSError) -> UserError:
    return UserError(f"{uri}: cannot be reached ({error.strerror}); check the address and your access")


def _list_local(folder: str) -> Listing:
    files, folders, links, special = [], [], [], []
    with os.scandir(folder) as items:
        for item in items:
            if item.is_symlink():
                links.append(item.name)
                # Unlike the item's own methods, these return False for a circular link.
                is_folder, is_file = os.path.isdir(item.path), os.path.isfile(item.path)
            else:
                is_folder, is_file = item.is_dir(), item.is_file()
            if is_folder:
                folders.append(item.name)
            elif is_file:
                files.append(item.name)
            elif os.path.exists(item.path):
                special.append(item.name)
    return Listing(frozenset(files), tuple(sorted(folders)), frozenset(links), frozenset(special))


def _list_remote(folder: str) -> Listing:
    files, folders = [], []
    for name in storage.listdir(folder):
        # Buckets mark folders with a slash; for file systems that do not, names without a dot are checked.
        if name.endswith("/") or ("." not in name and storage.isdir(join_uri(folder, name))):
            folders.append(name.rstrip("/"))
        else:
            files.append(name)
    return Listing(frozenset(files), tuple(sorted(folders)), frozenset())
