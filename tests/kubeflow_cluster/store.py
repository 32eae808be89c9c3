"""Stores of keys and bytes, which know no folders and list keys in the order of their bytes, as buckets do."""

import pathlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from google.cloud.storage import Bucket


class Store(Protocol):
    """A bucket. `keys` are those that begin with `prefix`, in order."""

    def keys(self, prefix: str) -> list[str]: ...

    def read(self, key: str) -> bytes: ...

    def write(self, key: str, content: bytes) -> None: ...


class FolderStore:
    """A bucket whose objects are the files of a folder, so that what is pushed to that folder is in the bucket.

    Empty folders are nothing. Keys that end in `/` are kept in memory, since no file can have such a name.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self._markers: set[str] = set()

    def keys(self, prefix: str) -> list[str]:
        start = self.folder / prefix.rpartition("/")[0]
        files = (path.relative_to(self.folder).as_posix() for path in start.rglob("*") if path.is_file())
        found = (key for key in (*files, *self._markers) if key.startswith(prefix))
        return sorted(found, key=str.encode)

    def read(self, key: str) -> bytes:
        return b"" if key in self._markers else (self.folder / key).read_bytes()

    def write(self, key: str, content: bytes) -> None:
        if key.endswith("/"):
            assert not content
            self._markers.add(key)
            return
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class BucketStore:
    """A bucket of a storage emulator."""

    def __init__(self, bucket: "Bucket") -> None:
        self._bucket = bucket

    def keys(self, prefix: str) -> list[str]:
        return sorted((blob.name for blob in self._bucket.list_blobs(prefix=prefix)), key=str.encode)

    def read(self, key: str) -> bytes:
        return self._bucket.blob(key).download_as_bytes()

    def write(self, key: str, content: bytes) -> None:
        self._bucket.blob(key).upload_from_string(content)
