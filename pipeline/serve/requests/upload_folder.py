"""The temporary folder for uploads."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from pipeline.runs.locking.temporary_folder import TemporaryFolder

_PREFIX: Final = "deepfake-serve-"
_NAME: Final = "video"


class UploadFolder(TemporaryFolder):
    """A private temporary folder for the copies of uploads."""

    def __init__(self) -> None:
        super().__init__(_PREFIX)

    @contextlib.contextmanager
    def named_copy(self, file: BinaryIO) -> Iterator[str]:
        """Yields the path of a copy of an upload, under a name of our own, that exists as long as the context."""
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            path = os.path.join(folder, _NAME)
            with file, open(path, "wb") as target:
                file.seek(0)
                shutil.copyfileobj(file, target, 1 << 20)
            yield path
