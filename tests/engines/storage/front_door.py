"""A proxy in front of the storage emulator that terminates TLS, requires credentials, and records every request."""

import collections
import contextlib
import dataclasses
import http.client
import http.server
import json
import pathlib
import re
import ssl
import sys
import time
import urllib.parse
from collections.abc import Iterable
from typing import Any

HOST = "127.0.0.1"
BUCKET = "bucket"
_HOP_HEADERS = ("connection", "content-length", "host", "proxy-connection", "transfer-encoding")
_TOKEN_PATHS = ("/token", "/oauth2/v3/token")
_LAYOUT_PATH = f"/storage/v1/b/{BUCKET}/storageLayout"
_GOOGLE = "www.googleapis.com"
_TOKEN = "of-the-emulator"
_EMPTY_MULTIPART = (
    b"--part\r\nContent-Type: application/json\r\n\r\n{}\r\n"
    b"--part\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--part--\r\n"
)
# Paths of the JSON API, and of TensorFlow's reads.
_OBJECT_PATHS = (
    re.compile(rf"(?:/download)?/storage/v1/b/{BUCKET}/o/(.+?)(?:/(?:copy|rewrite)To/b/.+)?"),
    re.compile(rf"/{BUCKET}/(.+)"),
)


@dataclasses.dataclass(frozen=True)
class Request:
    """One answered request.

    Attributes:
        time: when it was answered, in seconds since the epoch.
        method: the HTTP method.
        object: the uri of the object that the path names, or "" if it names none.
        media: whether it asked for the object's content rather than its metadata.
        byte_range: the header `Range`, or "".
        status: the HTTP status.
        bytes_sent: length of the response body.
    """

    time: float
    method: str
    object: str
    media: bool
    byte_range: str
    status: int
    bytes_sent: int


def content_sent(requests: Iterable[Request]) -> collections.Counter[str]:
    """Bytes of content sent, by the object's uri."""
    sent: collections.Counter[str] = collections.Counter()
    for request in requests:
        if request.media:
            sent[request.object] += request.bytes_sent
    return sent


class FrontDoor(http.server.ThreadingHTTPServer):
    """Serves both kinds of clients: those that use its address as the endpoint, and those that use it as a proxy."""

    daemon_threads = True

    def __init__(self, storage_port: int, certificate: pathlib.Path) -> None:
        """Listens on a free port.

        Args:
            storage_port: where the storage listens.
            certificate: file with a certificate for Google's host names and its key.
        """
        self.storage_port = storage_port
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.requests: list[Request] = []
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores clients that hang up, as killed ones do."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FrontDoor

    def do_CONNECT(self) -> None:
        if not self.path.endswith(".googleapis.com:443"):
            self.send_error(403, "nothing but Google's storage is here")
            return
        self.send_response(200)
        self.end_headers()
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()
        self.close_connection = False

    def do_GET(self) -> None:
        status, headers, body = self._answer(self._read_body())
        self.server.requests.append(self._describe(status, len(body)))
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP_HEADERS:
                self.send_header(name, self._own_scheme(value) if name.lower() == "location" else value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def log_message(self, *_: object) -> None:
        """Prints nothing."""

    def _answer(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        if self.path in _TOKEN_PATHS:
            token = {"access_token": _TOKEN, "expires_in": 3600, "token_type": "Bearer"}
            return _json(token)
        if self.headers["Authorization"] != f"Bearer {_TOKEN}":
            return 401, [], b""
        if self.path.partition("?")[0] == _LAYOUT_PATH:
            # Not supported by the emulator; TensorFlow 2.21 requests it before it renames a folder.
            layout = {"kind": "storage#storageLayout", "bucket": BUCKET, "hierarchicalNamespace": {"enabled": False}}
            return _json(layout)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_HEADERS}
        # The storage derives the address of an upload from the host of the request.
        headers["Host"] = self.headers["Host"]
        path = self.path
        if not body and "uploadType=media" in path:
            # TensorFlow's marker of a folder; the storage accepts an empty object only in this form.
            path, body = path.replace("uploadType=media", "uploadType=multipart"), _EMPTY_MULTIPART
            headers["Content-Type"] = "multipart/related; boundary=part"
        with contextlib.closing(http.client.HTTPConnection(HOST, self.server.storage_port)) as connection:
            connection.request(self.command, path, body, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), self._reachable(response.read())

    def _read_body(self) -> bytes:
        # TensorFlow sends `Transfer-Encoding: identity` along with a length.
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self._read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self._read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _read(self, size: int) -> bytes:
        content = self.rfile.read(size)
        if len(content) < size:
            # An incomplete upload is discarded.
            raise ConnectionAbortedError
        return content

    def _own_scheme(self, location: str) -> str:
        return location.replace("http:", "https:", 1) if isinstance(self.request, ssl.SSLSocket) else location

    def _reachable(self, body: bytes) -> bytes:
        """Directs downloads here: the storage derives their address from the host that the upload named."""
        google, here = (f'"mediaLink": "http://{host}/' for host in (_GOOGLE, f"{HOST}:{self.server.server_port}"))
        return body.replace(google.encode(), here.encode())

    def _describe(self, status: int, bytes_sent: int) -> Request:
        path, _, query = self.path.partition("?")
        matched = next(filter(None, (pattern.fullmatch(path) for pattern in _OBJECT_PATHS)), None)
        json_api = path.startswith("/storage/")
        return Request(
            time=time.time(),
            method=self.command,
            object=f"gs://{BUCKET}/{urllib.parse.unquote(matched[1])}" if matched else "",
            media=self.command == "GET" and matched is not None and (not json_api or "alt=media" in query),
            byte_range=self.headers.get("Range", ""),
            status=status,
            bytes_sent=bytes_sent,
        )


def _json(content: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    return 200, [("Content-Type", "application/json")], json.dumps(content).encode()
