"""The headers of every response, including those to unexpected errors."""

import json
import logging
import pathlib
import shutil

import httpx
import pytest
from encoder_sizes import FEATURE_SIZE
from grey_clips import write_grey_clip
from served_model import served

from pipeline.serve.requests.limits import Limits

FEATURES = json.dumps({"frame_features": [[0.5] * FEATURE_SIZE]}).encode()
JSON = {"content-type": "application/json"}


def check(answered: httpx.Response) -> None:
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["referrer-policy"] == "no-referrer"
    assert answered.headers["cross-origin-resource-policy"] == "same-origin"
    policy = answered.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert ("default-src 'none'" in policy) or answered.headers["content-type"].startswith("text/html")
    assert "*" not in policy


@pytest.mark.parametrize(
    ("status", "method", "path", "sent"),
    [
        (200, "GET", "/", {}),
        (200, "GET", "/health", {}),
        (200, "GET", "/metrics", {}),
        (200, "GET", "/docs", {}),
        (200, "GET", "/openapi.json", {}),
        (200, "GET", "/static-offline-docs/swagger-ui.css", {}),
        (200, "POST", "/score", {"content": FEATURES, "headers": JSON}),
        (400, "GET", "/", {"headers": {"host": "evil.example"}}),
        (400, "POST", "/score", {"content": b"{", "headers": JSON}),
        (403, "POST", "/score", {"content": FEATURES, "headers": {**JSON, "origin": "http://evil.example"}}),
        (404, "GET", "/nowhere", {}),
        (404, "GET", "/static-offline-docs/nowhere", {}),
        (405, "GET", "/score", {}),
        (413, "POST", "/score", {"content": bytes(3 << 20), "headers": JSON}),
        (415, "POST", "/score", {"content": b"x"}),
        (422, "POST", "/score", {"files": {"video": b"no video"}}),
    ],
)
def test_every_answer_is_safe_in_a_browser(client, status, method, path, sent):
    answered = client.request(method, path, **sent)
    assert answered.status_code == status
    check(answered)


def test_an_unexpected_error_is_logged_counted_and_told_in_one_line(model, tmp_path, uploads, caplog):
    clip = pathlib.Path(write_grey_clip(tmp_path / "clip.mp4", 200)).read_bytes()
    with served(pathlib.Path(model.path), Limits(at_work=1)) as address, httpx.Client(base_url=address) as client:
        (folder,) = uploads.glob("deepfake-serve-*")
        # As an overzealous cleaner of temporary files does.
        shutil.rmtree(folder)
        with caplog.at_level(logging.ERROR):
            answered = client.post("/score", files={"video": ("clip.mp4", clip)}, timeout=60)
        assert answered.status_code == 500
        assert answered.json() == {"error": "unexpected error in the service; its log says more"}
        check(answered)
        assert any("FileNotFoundError" in record.exc_text for record in caplog.records if record.exc_text)
        told = client.get("/metrics").text
        assert 'deepfake_answers_total{status="500",verdict=""} 1.0' in told
        assert "deepfake_requests_in_house 0.0" in told
        assert "deepfake_held_bytes 0.0" in told
        assert client.post("/score", content=FEATURES, headers=JSON).status_code == 200
