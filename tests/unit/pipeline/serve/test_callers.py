"""Which host names the service accepts, and that it refuses requests from pages of other sites."""

import json
import pathlib

import httpx
import pytest
from encoder_sizes import FEATURE_SIZE
from hypothesis import given
from hypothesis import strategies as st
from served_model import served

from pipeline.serve.requests.callers import host_of, is_allowed, is_pattern, plain_host
from pipeline.serve.requests.limits import Limits

BODY = json.dumps({"frame_features": [[0.5] * FEATURE_SIZE]})


@pytest.fixture(scope="module")
def address(model):
    allowed = ["Videos.Example", "*.lab.example", "fe80:0:0:0:0:0:0:1%eth0"]
    with served(pathlib.Path(model.path), Limits(at_work=1), allowed_hosts=allowed) as address:
        yield address


def score(address: str, **headers: str) -> httpx.Response:
    given = {name.replace("_", "-"): value.encode("latin-1") for name, value in headers.items()}
    sent = {"content-type": b"application/json", **given}
    return httpx.post(f"{address}/score", content=BODY, headers=sent, trust_env=False, timeout=60)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "videos.example",
        "a.b.lab.example",
        "[fe80::1]",
    ],
)
@pytest.mark.parametrize("port", ["", ":80", ":8000"])
def test_names_of_the_service(address, host, port):
    assert score(address, host=host + port).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8000",
        "evillab.example",
        "lab.example",
        "evil.example@localhost",
        "localhost@evil.example",
        "localhost/evil.example",
        "localhost,evil.example",
        "localhost evil.example",
        "[::1",
        "::1",
        "[::2]",
        "[::1]evil.example",
        "192.0.2.1",
        "2130706433",
        "",
        "ü.example",
    ],
)
def test_other_names_are_refused_on_every_path(address, host):
    for path in ("/score", "/", "/health", "/metrics", "/docs", "/nowhere", "/static-offline-docs/favicon.png"):
        answered = httpx.get(address + path, headers={"host": host.encode("latin-1")}, trust_env=False)
        assert answered.status_code == 400
        assert "--allowed-host" in answered.json()["error"]
    assert score(address, host=host).status_code == 400


def test_any_name_where_that_is_asked_for(model):
    with served(pathlib.Path(model.path), Limits(at_work=1), allowed_hosts=["*"]) as address:
        assert score(address, host="evil.example").status_code == 200
        assert score(address, host="evil.example", origin="http://other.example").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"host": "localhost:81", "origin": "http://localhost:81"},
        {"host": "videos.example", "origin": "https://videos.example"},
        {"host": "[::1]:81", "origin": "http://[::1]:81"},
        # A proxy changed the host; the browser's own header prevails.
        {"sec_fetch_site": "same-origin", "origin": "https://public.example"},
    ],
)
def test_its_own_page_and_programs_are_served(address, headers):
    assert score(address, **headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": ""},
        {"sec_fetch_site": "cross-site", "host": "localhost:81", "origin": "http://localhost:81"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://evil.example"},
        {"host": "localhost:81", "origin": "http://localhost:82"},
        {"host": "localhost", "origin": "http://localhost.evil.example"},
        {"host": "localhost", "origin": "localhost"},
    ],
)
def test_pages_of_other_sites_are_refused_and_counted(address, headers):
    before = refused(address)
    answered = score(address, **headers)
    assert answered.status_code == 403
    assert set(answered.json()) == {"error"}
    assert refused(address) == before + 1
    # Reading does no harm.
    assert httpx.get(f"{address}/health", headers={"origin": "http://evil.example"}, trust_env=False).status_code == 200


def refused(address: str) -> float:
    start = 'deepfake_answers_total{status="403",verdict=""} '
    lines = httpx.get(f"{address}/metrics", trust_env=False).text.splitlines()
    return sum(float(line.removeprefix(start)) for line in lines if line.startswith(start))


@given(st.text(max_size=30))
def test_whatever_a_host_header_says_it_names_one_host_or_none(header):
    host = host_of(header)
    assert host is None or (host and is_allowed(host, [plain_host(host)]))


@given(st.ip_addresses(v=6), st.integers(0, 65535))
def test_an_address_is_the_same_however_it_is_written(address, port):
    assert host_of(f"[{address.exploded.upper()}]:{port}") == plain_host(address.compressed)
    assert is_pattern(str(address))
    assert is_pattern(f"[{address}]")


def test_patterns():
    assert all(map(is_pattern, ("videos.example", "Videos.Example.", "*", "*.lab.example", "192.0.2.1", "fe80::1")))
    assert not any(
        map(is_pattern, ("", "*.", "a b", "a*", "**", "x.example:80", "http://x.example", "x.example/", "[::1]:80"))
    )
