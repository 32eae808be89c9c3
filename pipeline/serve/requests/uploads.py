"""Bodies of callers: never longer, and never slower, than the limits say."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final, TypeVar

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

_Read = TypeVar("_Read")
Take = Callable[[int], None]
"""Takes so many bytes of the room for all bodies, or raises a TooManyRequestsError."""

FIELD: Final = "video"
FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
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


def media_type(request: Request) -> str:
    """What the header calls the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_video(request: Request, *, most_bytes: int, within_s: float, take: Take) -> UploadFile:
    """Reads the file of a form, into memory or an unnamed temporary file, which ends with it.

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
    """Reads a whole body.

    Raises:
        UploadError: 408 if it takes too long, 413 if it is too large.
        TooManyRequestsError: as `take`.
    """

    async def joined() -> bytes:
        return b"".join([chunk async for chunk in _limited(request, most_bytes, take)])

    return await _within(within_s, most_bytes, joined())


async def pass_over(request: Request) -> None:
    """Lets the caller send a little more, without keeping it: who is cut off at once does not read the answer."""

    async def passed() -> None:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > _LINGER_BYTES:
                return

    # Starlette raises a RuntimeError where all has come already.
    with contextlib.suppress(asyncio.TimeoutError, RuntimeError):
        await asyncio.wait_for(passed(), _LINGER_S)


def _without_charset(content_type: str) -> str:
    # Names of files are UTF-8 or Latin-1; some of Python's other encodings cannot be read, or give no text.
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
        # What the header says need not be true, or there.
        if size > most_bytes:
            raise _TooLargeError("too large")
        take(len(chunk))
        yield chunk
