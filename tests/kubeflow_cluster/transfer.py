"""What the launcher copies between the bucket and the pod: objectstore/object_store.go and objectstore/config.go."""

import os
import pathlib
import posixpath
from collections.abc import Iterator

from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import Profile
from kubeflow_cluster.store import Store

_SCHEME = "gs://"


def key_of(uri: str, root: str) -> str:
    """Returns the key of a uri below `root`, as `KeyFromURI` does.

    Raises:
        LauncherError: if it is not below `root`.
    """
    if not uri.startswith(root):
        raise LauncherError(f'URI "{uri}" does not have expected bucket prefix "{root}"')
    return uri.removeprefix(_SCHEME).partition("/")[2]


def local_path(pod: pathlib.Path, uri: str) -> pathlib.Path:
    """Returns where a pod has its copy: `LocalPathForURI` of component/launcher_v2.go."""
    return pod / "gcs" / uri.removeprefix(_SCHEME)


def download(profile: Profile, store: Store, name: str, uri: str, to: pathlib.Path) -> None:
    """Copies the input `name` to the pod; one whose key does not exist is nothing.

    Raises:
        LauncherError: if a file cannot be written.
    """
    if not uri.startswith(_SCHEME):
        if profile.has_mlmd:
            raise LauncherError(f'parse bucket config failed: unrecognized uri format: "{uri}"')
        return
    folder = key_of(uri, _SCHEME)
    for key in _keys(profile, store, folder):
        # Like Go's filepath.Join, which drops the last slash.
        path = pathlib.Path(os.path.normpath(to / posixpath.relpath(key, folder)))
        try:
            _make_folder(path.parent)
            path.write_bytes(store.read(key))
        except OSError as error:
            raise LauncherError(
                f'failed to download input artifact "{name}" from remote storage URI "{uri}": downloadFile(): unable '
                f'to complete copying "{key}" to local storage "{path}": {error}'
            ) from error


def upload(store: Store, path: pathlib.Path, key: str) -> None:
    """Copies a file or the files of a folder to the bucket; an empty folder is nothing.

    Raises:
        FileNotFoundError: if there is neither.
    """
    if not path.is_dir():
        store.write(key, path.read_bytes())
        return
    for each in sorted(path.iterdir()):
        upload(store, each, f"{key}/{each.name}")


def _make_folder(path: pathlib.Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        # Go's name for it.
        raise NotADirectoryError(f'failed to create local directory "{path}": mkdir {path}: not a directory') from None


def _keys(profile: Profile, store: Store, folder: str) -> Iterator[str]:
    keys = store.keys(folder)
    if profile.downloads == "prefix":
        return iter(keys)
    bare = folder.rstrip("/")
    inside = [key for key in keys if key.rstrip("/") == bare or key.startswith(f"{bare}/")]
    nested = [key for key in inside if key.rstrip("/") != bare]
    if profile.downloads == "folder without its marker" and nested:
        return iter(nested)
    return iter(inside)
