"""Services that cannot be reached, and credentials that are not accepted, each reported on one line."""

import json
import socket

import pytest
from loopback import Authority, Response

pytestmark = pytest.mark.e2e


def test_a_port_where_nobody_listens(deepfake, engine):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        setting = {"vertex": f"vertex.endpoint={address}", "kubeflow": f"kubeflow.host=https://{address}"}[
            engine.target
        ]
        result = deepfake("submit", *engine.arguments(setting))
    assert result.code == 2
    assert f"{setting}: https://{address} cannot be reached (Connection refused)" in result.error


def test_a_host_that_is_none(deepfake, engine):
    setting = {"vertex": "vertex.endpoint=nowhere.invalid", "kubeflow": "kubeflow.host=https://nowhere.invalid"}
    result = deepfake("submit", *engine.arguments(setting[engine.target]))
    assert result.code == 2
    assert f"{setting[engine.target]}: https://nowhere.invalid cannot be reached" in result.error


def test_a_certificate_of_an_unknown_authority(submit, engine, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Authority(tmp_path).file))
    result = submit()
    assert result.code == 2
    assert "is not trusted" in result.error
    assert "REQUESTS_CA_BUNDLE" in result.error
    assert engine.api.requests == []


def test_no_credentials(submit, engine, monkeypatch):
    if engine.target == "vertex":
        monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
        words = ["no Google credentials", "gcloud auth application-default login"]
    else:
        monkeypatch.setenv("KF_PIPELINES_SA_TOKEN_PATH", "/nowhere/token")
        words = ["KF_PIPELINES_SA_TOKEN_PATH=/nowhere/token: there is no such file"]
    result = submit()
    assert result.code == 2
    for word in words:
        assert word in result.error
    assert engine.api.requests == []


def test_a_file_of_credentials_that_is_not_there(deepfake, vertex, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
    result = deepfake("submit", *vertex.arguments())
    assert result.code == 2
    assert "/nowhere/key.json" in result.error


def test_credentials_that_give_no_token(deepfake, vertex, monkeypatch, tmp_path):
    """Workload identity whose token exchange is refused."""
    (tmp_path / "subject").write_text("expired")
    content = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"https://{vertex.address}/v1/token",
        "credential_source": {"file": str(tmp_path / "subject")},
    }
    (tmp_path / "credentials.json").write_text(json.dumps(content))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "credentials.json"))
    monkeypatch.setattr(
        vertex.api, "answer", lambda request: Response(400, {"error": "invalid_grant", "error_description": "expired"})
    )
    result = deepfake("submit", *vertex.arguments())
    assert result.code == 2
    assert "expired" in result.error
    assert "gcloud auth application-default login" in result.error


def test_a_region_that_vertex_has_not(deepfake, vertex):
    result = deepfake("submit", *vertex.arguments("vertex.region=europe-west77"))
    assert result.code == 2
    assert "vertex.region=europe-west77: Vertex AI has no such region" in result.error
    result = deepfake("submit", *vertex.arguments("vertex.region=us-central1"))
    assert result.code == 2
    assert "no project test-project in us-central1 (404)" in result.error
    assert vertex.api.accepted == []


def test_a_path_without_kubeflow(deepfake, kubeflow):
    result = deepfake("submit", *kubeflow.arguments(f"kubeflow.host=https://{kubeflow.address}"))
    assert result.code == 2
    assert "no Kubeflow Pipelines of version 2 there (404)" in result.error


def test_a_page_for_logging_in(submit, engine, monkeypatch):
    """The page that a proxy returns to clients without a session."""
    page = Response(200, "<html>Log in</html>", {"Content-Type": "text/html"})
    monkeypatch.setattr(engine.api, "answer", lambda request: page)
    result = submit()
    assert result.code == 2
    assert "it answers, but not as" in result.error


def test_a_deployment_without_namespaces(deepfake, kubeflow):
    kubeflow.api.multi_user = False
    assert deepfake("submit", *kubeflow.arguments('kubeflow.namespace=""')).code == 0
    assert len(kubeflow.api.accepted) == 1
