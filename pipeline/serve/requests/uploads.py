"""Reads request bodies within limits of size and time."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final, TypeVar

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

_Read = TypeVar("_Read")
Take = Callable[[int], None]
"""Takes this many bytes of the room for all bodies, or raises TooManyRequestsError."""

FIELD: Final = "video"
FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
_LINGER_BYTES: Final = 64 << 20
_LINGER_S: Final = 5.0


class UploadError(Exception):
    """A request body was refused with the HTTP status `status`."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class _TooLargeError(MultiPartException):
    # A MultiPartException, for which the parser closes its temporary files.
    pass


def media_type(request: Request) -> str:
    """Returns the media type of the body according to the header, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_video(request: Request, *, most_bytes: int, within_s: float, take: Take) -> UploadFile:
    """Reads the file of a form into memory or an unnamed temporary file.

    Raises:
        UploadError: 400 if it cannot be read or has no such field, 408 if it takes too long, 413 if it is too large.
        TooManyRequestsError: as `take`.
    """
    headers = Headers({"content-type": _without_charset(request.headers["content-type"])})
    parser = MultiPartParser(headers, _limited(request, most_bytes, take), max_files=1, max_fields=8)
    try:
        form = await _within(within_s, most_bytes, parser.parse())
    except MultiPartException as error:
        raise UploadError(400, f"the form cannot be read: {error.message}") from error
    video = form.get(FIELD)
    if not isinstance(video, UploadFile):
        await form.close()
        raise UploadError(400, f"the form has no file {FIELD!r}; send e.g. curl -F {FIELD}=@clip.mp4")
    return video


async def read_body(request: Request, *, most_bytes: int, within_s: float, take: Take) -> bytes:
    """Reads an entire body.

    Raises:
        UploadError: 408 if it takes too long, 413 if it is too large.
        TooManyRequestsError: as `take`.
    """

    async def joined() -> bytes:
        return b"".join([chunk async for chunk in _limited(request, most_bytes, take)])

    return await _within(within_s, most_bytes, joined())


async def pass_over(request: Request) -> None:
    """Reads and discards a little more, since a caller that is cut off immediately does not read the answer."""

    async def passed() -> None:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > _LINGER_BYTES:
                return

    # Starlette raises a RuntimeError if the body has already been read.
    with contextlib.suppress(asyncio.TimeoutError, RuntimeError):
        await asyncio.wait_for(passed(), _LINGER_S)


def _without_charset(content_type: str) -> str:
    # File names are UTF-8 or Latin-1; with some of Python's other encodings decoding fails or does not return text.
    return ";".join(part for part in content_type.split(";") if not part.strip().lower().startswith("charset"))


async def _within(within_s: float, most_bytes: int, reading: Coroutine[Any, Any, _Read]) -> _Read:
    try:
        return await asyncio.wait_for(reading, within_s)
    except _TooLargeError as error:
        raise UploadError(413, f"the upload is larger than {most_bytes / (1 << 20):g} MiB") from error
    except asyncio.TimeoutError as error:
        raise UploadError(408, f"the upload was not complete after {within_s:g} s") from error


async def _limited(request: Request, most_bytes: int, take: Take) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "")
    if len(told) > len(str(most_bytes)) or (told.isdecimal() and int(told) > most_bytes):
        raise _TooLargeError("too large")
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        # The header may be wrong or missing.
        if size > most_bytes:
            raise _TooLargeError("too large")
        take(len(chunk))
        yield chunk
