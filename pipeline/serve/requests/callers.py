"""Refuses requests that another site makes through a user's browser.

There is no login, so pages of other sites that are open in the browser of someone who can reach the service could
otherwise use it.
"""

import ipaddress
import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.responses import refusal

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_HOST: Final = re.compile(r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]*)?", re.IGNORECASE)
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


def host_of(header: str) -> str | None:
    """Returns the host in a header `Host`, without its port, normalized by `plain_host`; None if there is none."""
    found = _HOST.fullmatch(header)
    # A dot alone names none.
    return plain_host(found["address"] or found["name"]) or None if found else None


def plain_host(host: str) -> str:
    """Normalizes a name or address for comparison: lower case, no trailing dot, no zone, no redundant zeros."""
    bare = host.lower().strip("[]").partition("%")[0].removesuffix(".")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return bare


def is_pattern(text: str) -> bool:
    """Whether a text is a valid pattern for `is_allowed`: a name, an address, `*.DOMAIN` or `*`."""
    bare = text.removeprefix("*.").strip("[]")
    return text == "*" or host_of(f"[{bare}]" if ":" in bare else bare) == plain_host(bare)


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Whether a host matches one of the allowed patterns: names, addresses, `*.DOMAIN` or `*`."""
    return any(
        pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:])) for pattern in allowed
    )


def is_from_another_site(headers: Headers) -> bool:
    """Whether a browser declares that a page of another origin sent this; programs, which declare nothing, pass."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    # Without TLS, browsers omit Sec-Fetch-Site. The scheme is not compared, since a proxy may have changed it.
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()


class RefuseOtherSites:
    """Middleware that refuses unknown hosts, and requests sent by pages of other sites."""

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        """Allows these hosts besides the local names and the address at which a request arrives."""
        self._app = app
        self._allowed = {plain_host(host) for host in (*LOCAL_NAMES, *allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        told = headers.get("host", "")
        host = host_of(told)
        # An address, hence not a name that another site could have pointed here.
        arrived_at = plain_host((scope.get("server") or ("",))[0])
        if host is None or not is_allowed(host, {arrived_at, *self._allowed}):
            reason = f"Host {told!r} is no name of this service; allow it by --allowed-host when it is started"
            answer = refusal(400, reason, {"Connection": "close"})
        elif scope["method"] not in _SAFE_METHODS and is_from_another_site(headers):
            reason = "sent by the page of another site; open the page of the service itself"
            answer = refusal(403, reason, {"Connection": "close"})
        else:
            await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)
