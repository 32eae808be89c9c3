"""A Google Cloud Storage emulator on loopback, for both Beam's and TensorFlow's clients.

The storage itself is `gcp-storage-emulator`. Beam's client accepts its address; TensorFlow's insists on TLS to
www.googleapis.com, so a proxy redirects it. Both authenticate like a user's client, with the refresh token of a
credentials file.
"""

import contextlib
import dataclasses
import datetime
import json
import logging
import pathlib
import socket
import threading
from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from front_door import BUCKET, HOST, FrontDoor, Request
from gcp_storage_emulator.server import create_server
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Bucket, Client

# gRPC uses the proxy for all other hosts, too, even between processes on one machine.
_LOOPBACK = f"{HOST},localhost"


@dataclasses.dataclass(frozen=True)
class StorageEmulator:
    """A running storage with one bucket.

    Attributes:
        uri: uri of the bucket.
        bucket: direct access to the bucket, which is not recorded.
        environment: environment variables that direct a process's clients to the proxy.
        requests: all requests to the proxy so far, in the order of their answers.
    """

    uri: str
    bucket: Bucket
    environment: dict[str, str]
    requests: list[Request]


@contextlib.contextmanager
def storage_emulator(folder: pathlib.Path) -> Iterator[StorageEmulator]:
    """Runs a storage with one empty bucket; leaves the certificate and the credentials in `folder`."""
    logging.getLogger("gcp_storage_emulator").setLevel(logging.ERROR)
    port = _free_port()
    certificate, credentials = folder / "certificate.pem", folder / "credentials.json"
    certificate.write_bytes(_certificate())
    credentials.write_text(json.dumps(_credentials()))
    front = FrontDoor(port, certificate)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    options = {"api_endpoint": f"http://{HOST}:{port}"}
    try:
        with create_server(HOST, port, in_memory=True, default_bucket=BUCKET):
            yield StorageEmulator(
                uri=f"gs://{BUCKET}",
                bucket=Client("emulator", AnonymousCredentials(), client_options=options).bucket(BUCKET),
                environment=_environment(front.server_port, certificate, credentials),
                requests=front.requests,
            )
    finally:
        front.shutdown()
        front.server_close()


def _environment(port: int, certificate: pathlib.Path, credentials: pathlib.Path) -> dict[str, str]:
    address = f"http://{HOST}:{port}"
    return {
        "STORAGE_EMULATOR_HOST": address,
        "HTTPS_PROXY": address,
        "https_proxy": address,
        "NO_PROXY": _LOOPBACK,
        "no_proxy": _LOOPBACK,
        "CURL_CA_BUNDLE": str(certificate),
        "REQUESTS_CA_BUNDLE": str(certificate),
        "GOOGLE_APPLICATION_CREDENTIALS": str(credentials),
        # Failures here are deterministic, so retrying is pointless.
        "GCS_RETRY_CONFIG_MAX_RETRIES": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _credentials() -> dict[str, str]:
    return {"type": "authorized_user", "client_id": "id", "client_secret": "secret", "refresh_token": "refresh"}


def _certificate() -> bytes:
    """A self-signed certificate for Google's host names, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "storage emulator")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.googleapis.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private_key = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + private_key
