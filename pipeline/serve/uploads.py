"""Bodies of callers: never longer, and never slower, than the limits say."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Coroutine, Iterator
from typing import Any, BinaryIO, Final, TypeVar

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from pipeline.serve.limits import Limits

_Read = TypeVar("_Read")

FIELD: Final = "video"
_LINGER_BYTES: Final = 64 << 20
_LINGER_S: Final = 5.0


class UploadError(Exception):
    """A body that is not taken; `status` is what HTTP calls it."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class _TooLargeError(MultiPartException):
    # The parser closes its temporary files for this kind of error.
    pass


async def read_video(request: Request, limits: Limits) -> UploadFile:
    """Reads the file of a form, into memory or an unnamed temporary file, which ends with it.

    Raises:
        UploadError: 415 if it is no form, 400 if there is no such field, 408 if it takes too long, 413 if it is too
            large.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadError(415, f"neither a form nor JSON; send e.g. curl -F {FIELD}=@clip.mp4")
    parser = MultiPartParser(request.headers, _limited(request, limits), max_files=1, max_fields=8)
    try:
        form = await _within(limits, request, parser.parse())
    except MultiPartException as error:
        raise UploadError(400, f"the form cannot be read: {error.message}") from error
    video = form.get(FIELD)
    if not isinstance(video, UploadFile):
        await form.close()
        raise UploadError(400, f"the form has no file {FIELD!r}; send e.g. curl -F {FIELD}=@clip.mp4")
    return video


async def read_body(request: Request, limits: Limits) -> bytes:
    """Reads a whole body.

    Raises:
        UploadError: 408 if it takes too long, 413 if it is too large.
    """

    async def joined() -> bytes:
        return b"".join([chunk async for chunk in _limited(request, limits)])

    return await _within(limits, request, joined())


@contextlib.contextmanager
def named_copy(file: BinaryIO) -> Iterator[str]:
    """Gives a path for what was uploaded, with a name of our own, as long as the context lives."""
    with tempfile.TemporaryDirectory(prefix="deepfake-upload-") as folder:
        path = os.path.join(folder, FIELD)
        with open(path, "wb") as target:
            file.seek(0)
            shutil.copyfileobj(file, target, 1 << 20)
        yield path


async def _within(limits: Limits, request: Request, reading: Coroutine[Any, Any, _Read]) -> _Read:
    try:
        return await asyncio.wait_for(reading, limits.upload_s)
    except _TooLargeError as error:
        raise await _too_large(request, limits) from error
    except asyncio.TimeoutError as error:
        raise UploadError(408, f"the upload was not complete after {limits.upload_s:g} s") from error


async def _limited(request: Request, limits: Limits) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limits.upload_bytes:
        raise _TooLargeError("too large")
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        # What the header says need not be true, or there.
        if size > limits.upload_bytes:
            raise _TooLargeError("too large")
        yield chunk


async def _too_large(request: Request, limits: Limits) -> UploadError:
    """Lets the caller send a little more, without keeping it: who is cut off at once does not read the answer."""

    async def pass_over() -> None:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > _LINGER_BYTES:
                return

    # Starlette raises a RuntimeError where all has come already.
    with contextlib.suppress(asyncio.TimeoutError, RuntimeError):
        await asyncio.wait_for(pass_over(), _LINGER_S)
    return UploadError(413, f"the upload is larger than {limits.upload_bytes / (1 << 20):g} MiB")
