"""`deepfake submit` in this process, against services on loopback that use TLS and validate every request."""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from filled_in import filled_in
from kubeflow_api import NAMESPACE, TOKEN, KubeflowApi
from loopback import SILENCE, Api, Authority, serving
from vertex_api import VertexApi

Command = Callable[..., "Result"]


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command printed on the terminal."""

    code: int
    output: str
    errors: str

    @property
    def error(self) -> str:
        """The only line of stderr."""
        (line,) = self.errors.splitlines()
        return line

    @property
    def lines(self) -> list[str]:
        assert self.errors == ""
        return self.output.splitlines()


@dataclasses.dataclass(frozen=True)
class Engine:
    """An engine, its service, and the config that points to it."""

    target: str
    api: Api
    address: str
    settings: list[str]

    def patience(self, answer: int | str) -> list[str]:
        """Settings with a short timeout for an answer that never comes."""
        return [f"{self.target}.request_timeout_s=3"] if answer == SILENCE else []

    def arguments(self, *settings: str) -> list[str]:
        given = [*self.settings, *settings]
        return ["--target", self.target, *(part for setting in given for part in ("--set", setting))]


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def service_account(tmp_path_factory) -> tuple[pathlib.Path, dict[str, str]]:
    """The key file of a service account, and its public keys by id."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    path = tmp_path_factory.mktemp("credentials") / "key.json"
    content = {
        "type": "service_account",
        "project_id": "test-project",
        "private_key_id": "key-1",
        "private_key": private.decode(),
        "client_email": "submitter@test-project.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": "https://127.0.0.1:1/token",
    }
    path.write_text(json.dumps(content))
    return path, {"key-1": public.decode()}


@pytest.fixture
def environment(monkeypatch, authority, service_account, tmp_path) -> None:
    """Provides only the test's own credentials and certificate authority."""
    token = tmp_path / "token"
    token.write_text(TOKEN)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_account[0]))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("KF_PIPELINES_SA_TOKEN_PATH", str(token))


@pytest.fixture
def vertex(environment, authority, service_account) -> Iterator[Engine]:
    api = VertexApi(service_account[1])
    with serving(api, authority) as address:
        settings = [*filled_in("vertex"), "vertex.project=test-project", f"vertex.endpoint={address}"]
        yield Engine("vertex", api, address, settings)
    assert api.violations == []


@pytest.fixture
def kubeflow(environment, authority) -> Iterator[Engine]:
    api = KubeflowApi()
    with serving(api, authority) as address:
        place = [f"kubeflow.host=https://{address}/pipeline", f"kubeflow.namespace={NAMESPACE}"]
        settings = [*filled_in("kubeflow"), *place]
        yield Engine("kubeflow", api, address, settings)
    assert api.violations == []


@pytest.fixture(params=["vertex", "kubeflow"])
def engine(request) -> Engine:
    """Each engine in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def deepfake(deepfake) -> Command:
    """Runs the command in this process."""
    return lambda *arguments: Result(*deepfake(*arguments))


@pytest.fixture
def submit(deepfake, engine) -> Command:
    """`deepfake submit` to `engine`: settings of the config, then options of the command."""

    def run(*settings: str, options: tuple[str, ...] = ()) -> Result:
        return deepfake("submit", *engine.arguments(*settings), *options)

    return run
