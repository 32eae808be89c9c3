"""An HTTPS server on loopback that records each request and can be made to fail."""

import contextlib
import dataclasses
import datetime
import http.server
import ipaddress
import json
import pathlib
import ssl
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SILENCE, HANG_UP = "silence", "hang up"
_SILENCE_S = 60


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclasses.dataclass(frozen=True)
class Response:
    status: int
    content: Any
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Fault:
    """What the server does to one request: an HTTP status with a message, SILENCE or HANG_UP."""

    answer: int | str
    message: str = "as the test wants it"
    # Whether the service carries out the request nevertheless.
    after: bool = False


class Api:
    """A service behind the server. `respond` validates a request against the API's reference and acts on it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.violations: list[str] = []
        # None for no fault: for requests that create a run or a schedule, in order, and for all others.
        self.faults: list[Fault | None] = []
        self.faults_of_reads: list[Fault | None] = []

    def respond(self, request: Request) -> Response:
        raise NotImplementedError

    def error(self, status: int, message: str) -> Response:
        raise NotImplementedError

    def expect(self, holds: bool, message: str) -> None:
        if not holds:
            self.violations.append(message)

    def expect_json(self, request: Request, schema: Mapping[str, Any]) -> None:
        # Imported late: its checks of formats compile a grammar, which takes seconds.
        import jsonschema

        self.expect(request.headers.get("content-type") == "application/json", "the body is JSON")
        for error in jsonschema.Draft202012Validator(schema).iter_errors(request.body):
            self.violations.append(f"{request.path}: {error.json_path}: {error.message}")

    def submits(self, request: Request) -> bool:
        """Whether the request creates a run or a schedule."""
        return request.method == "POST"

    @property
    def attempts(self) -> list[Request]:
        """All requests to create a run or a schedule."""
        return [request for request in self.requests if self.submits(request)]

    def answer(self, request: Request) -> Response | str:
        self.requests.append(request)
        faults = self.faults if self.submits(request) else self.faults_of_reads
        fault = faults.pop(0) if faults else None
        if fault is None or fault.after:
            response = self.respond(request)
            if fault is None:
                return response
        if isinstance(fault.answer, int):
            return self.error(fault.answer, fault.message)
        return fault.answer


class Authority:
    """The test's own certificate authority, and a server certificate for 127.0.0.1 signed by it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.file = folder / "authority.pem"
        self.server_file = folder / "server.pem"
        key, server_key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
        # Unique, so that no other authority of the tests can be mistaken for the issuer.
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"authority of {folder.name}")])
        authority = self._certificate(name, name, key.public_key(), key, is_authority=True)
        server_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        server = self._certificate(server_name, name, server_key.public_key(), key, is_authority=False)
        pem = serialization.Encoding.PEM
        self.file.write_bytes(authority.public_bytes(pem))
        private = server_key.private_bytes(
            pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        self.server_file.write_bytes(private + server.public_bytes(pem))

    def _certificate(self, subject, issuer, public_key, signing_key, *, is_authority: bool) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        return builder.sign(signing_key, hashes.SHA256())


@contextlib.contextmanager
def serving(api: Api, authority: Authority) -> Iterator[str]:
    """Serves `api` for the duration of the context; yields HOST:PORT."""
    ended = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            address = urllib.parse.urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            is_json = "json" in self.headers.get("content-type", "")
            request = Request(
                self.command,
                address.path,
                dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True)),
                {key.lower(): value for key, value in self.headers.items()},
                json.loads(content) if is_json and content else content,
            )
            response = api.answer(request)
            if isinstance(response, str):
                if response == SILENCE:
                    ended.wait(_SILENCE_S)
                self.close_connection = True
                return
            text = response.content if isinstance(response.content, str) else json.dumps(response.content)
            self.send_response(response.status)
            for key, value in {"Content-Type": "application/json", **response.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            # Ignores clients that disconnect, as in many of the tests.
            pass

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_file)
    # The handler does the handshake, so that a client that does not trust the server blocks no other.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
