"""The format and headers of all responses, including those to unexpected errors."""

import json
import logging
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG: Final = logging.getLogger(__name__)

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY: Final = "Content-Security-Policy"
_DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI has inline scripts and styles, and images as data URLs.
_PAGE_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)


class Json(JSONResponse):
    """A JSON response that escapes lone surrogates, which UTF-8 cannot encode."""

    def render(self, content: Any) -> bytes:
        """Encodes the content as UTF-8."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


def refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Json:
    """Returns an error response with a one-line reason."""
    return Json({"error": reason}, status, headers)


class SafeHeaders:
    """Middleware that forbids browsers to sniff types, cache responses, or embed them in other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.setdefault(_POLICY, _PAGE_POLICY if is_page else _DATA_POLICY)
            await send(message)

        await self._app(scope, receive, with_headers)


class AnswerErrors:
    """Middleware that logs an unexpected error and answers 500 with a one-line message."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            # A response that has started cannot be replaced: the server closes the connection and logs the error.
            if started or scope["type"] != "http":
                raise
            _LOG.exception("%s %r: unexpected error", scope["method"], scope["path"])
            told = "unexpected error in the service; its log says more"
            await refusal(500, told, {"Connection": "close"})(scope, receive, send)
