"""Whatever a caller sends is answered, never with a server error, always in one line, and always counted."""

import errno
import json
import socket

import httpx
import pytest
from encoder_sizes import FEATURE_SIZE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

# All examples use the module's one server.
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

ROW = [0.5] * FEATURE_SIZE
JSON = {"content-type": "application/json"}
numbers = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.sampled_from([10**400, -(10**400), 3.4e38, -3.4e38, 1e39, 1.0, 0.0])
)
values = st.recursive(
    st.one_of(st.none(), numbers, st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
rows = st.one_of(values, st.just(ROW), numbers.map(lambda number: [number] * FEATURE_SIZE))
features = st.one_of(
    values, st.lists(rows, max_size=3), st.integers(0, 22).map(lambda count: [ROW] * count), st.just([ROW] * 3)
)
masks = st.one_of(values, st.lists(st.one_of(numbers, st.sampled_from([0, 1])), max_size=4))
bodies = st.one_of(
    values, features, st.fixed_dictionaries({"frame_features": features}, optional={"frame_mask": masks, "x": values})
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "ascii", "utf-7"])


def check(answered: httpx.Response) -> None:
    assert answered.status_code < 500
    assert answered.headers["content-type"] == "application/json"
    content = answered.json()
    if answered.status_code not in (200, 422):
        assert set(content) == {"error"}
        assert content["error"].isprintable()


def post(client: httpx.Client, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.post("/score", content=body, headers=headers or JSON)


def answers(client: httpx.Client, name: str = "deepfake_answers_total") -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name + "{"))


@many
@given(bodies, encodings)
@example({"frame_features": [ROW], "frame_mask": [1.0]}, "utf-8")
@example({"frame_features": [ROW], "frame_mask": [[1]]}, "utf-8")
@example({"frame_features": [ROW], "frame_mask": [float("nan")]}, "utf-8")
@example({"frame_features": [[10**400] * FEATURE_SIZE]}, "utf-8")
@example({"frame_features": [["1"] * FEATURE_SIZE]}, "utf-8")
@example({"frame_features": [[True] * FEATURE_SIZE]}, "utf-8")
@example({"frame_features": [[3.4e38] * FEATURE_SIZE, [-3.4e38] * FEATURE_SIZE]}, "utf-8")
@example({"frame_features": [["\ud800"]], "\ud800": "\udfff"}, "utf-8")
def test_any_json_is_answered(client, body, encoding):
    check(post(client, json.dumps(body).encode(encoding, "replace")))


@many
@given(st.binary(max_size=200), st.sampled_from([b"", b'{"frame_features": ', b'{"frame_features": [[', b"\xff\xfe"]))
@example(b"[" * 200_000, b"")
@example(b"[" * 900, b"")
@example(b"[" + b"[]," * 500_000 + b"[]]", b"")
@example(b'{"a":' * 200_000, b"")
@example(b"[" * 200_000, b'{"frame_features": ')
@example(b"9" * 100_000, b"")
@example(b"-" + b"9" * 100_000 + b"]]}", b'{"frame_features": [[')
@example(b"1e999999999]]}", b'{"frame_features": [[')
@example(b'"\\ud800"]]}', b'{"frame_features": [[')
@example(b'{"a": 1, "a": 2}', b"")
def test_any_bytes_that_call_themselves_json_are_answered(client, body, start):
    check(post(client, start + body))


def test_what_features_mean_is_never_guessed(client):
    def probability(**content: object) -> float | None:
        return (
            post(client, json.dumps({"frame_features": [ROW, [0.75] * FEATURE_SIZE], **content}).encode())
            .json()
            .get("probability")
        )

    # JSON has only one kind of number.
    for mask in ([1, 0], [1.0, 0.0], [True, False]):
        assert probability(frame_mask=mask) == 0.5
    for mask in ([1, 0.5], [2, 0], ["1", "0"], [1, None], [[1], [0]], {"0": 1}, "10", 3):
        assert probability(frame_mask=mask) is None
    for value in (True, "0.5", None, [0.5], {}):
        assert probability(frame_features=[[value] * FEATURE_SIZE]) is None
    assert probability(frame_features=[[0] * FEATURE_SIZE]) == 0
    twice = b'{"frame_features": [[]], "frame_features": ' + json.dumps([ROW]).encode() + b"}"
    assert post(client, twice).json() == {"error": "the body has a key twice; see /openapi.json"}


def test_features_have_a_limit_of_their_own(client):
    longest = {"frame_features": [[-1.2345678901234567e-100] * FEATURE_SIZE] * 20}
    assert post(client, json.dumps(longest, indent=2).encode()).status_code == 200
    answered = post(client, b" " * (2 << 20) + b"1")
    assert (answered.status_code, answered.json()) == (413, {"error": "the upload is larger than 2 MiB"})


boundaries = st.sampled_from([b"b", b"", b"b" * 70, b"b" * 5000, b'"b', b"\xff", b"b b", b"--"])
media_types = st.sampled_from(
    [
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data; Boundary=b",
        'multipart/form-data; charset=undefined; boundary="b"',
        "multipart/form-data; boundary=b; charset=idna",
        "multipart/form-data; boundary=b; charset=utf-7",
        "multipart/form-data; boundary=b; charset=unicode_escape",
        "multipart/form-data; boundary=b; charset=rot13",
        "multipart/form-data; boundary=b; charset=" + "x" * 3000,
        "multipart/form-data; boundary=" + "b" * 5000,
        'multipart/form-data; boundary="',
        "multipart/form-data; boundary*=utf-8''b",
        "multipart/form-data; boundary",
        "multipart/form-data;",
        "multipart/form-data",
        "multipart/mixed; boundary=b",
        "application/json; charset=utf-7",
        "Application/JSON",
        "application/x-www-form-urlencoded",
        "application/json-seq",
        "text/plain",
        ";",
    ]
)
dispositions = st.sampled_from(
    [
        b'form-data; name="video"; filename="a.mp4"',
        b'form-data; name="video"; filename=""',
        b"form-data; name=video; filename*=utf-8''%ff",
        b'form-data; name="video"; filename="\xff\xed\xa0\x80+2AA-\\ud800"',
        b'form-data; name="video"; filename="' + b"x" * 3000 + b'"',
        b'form-data; name="video"; filename="' + b"x" * 9000 + b'"',
        b'form-data; name="video"; filename="..\\..\\a\x00b"',
        b'form-data; name="video"',
        b'form-data; name=""; filename="a"',
        b'form-data; filename="a"',
        b'form-data; name="video"; name="other"; filename="a"',
        b"form-data",
        b"",
        b'attachment; name="video"; filename="a"',
    ]
)


@st.composite
def forms(draw) -> bytes:
    boundary = draw(boundaries)
    parts = [
        b"--"
        + boundary
        + b"\r\nContent-Disposition: "
        + draw(dispositions)
        + draw(st.sampled_from([b"\r\n\r\n", b"\r\n", b"\n\n"]))
        + draw(st.binary(max_size=40))
        + b"\r\n"
        for _ in range(draw(st.integers(0, 3)))
    ]
    form = b"".join(parts) + draw(st.sampled_from([b"--" + boundary + b"--\r\n", b"--" + boundary, b"", b"\r\n" * 50]))
    return form[: draw(st.integers(0, len(form)))] if draw(st.booleans()) else form


@many
@given(forms(), media_types)
def test_any_form_is_answered(client, body, media_type):
    check(post(client, body, {"content-type": media_type}))


@pytest.mark.parametrize("charset", ["undefined", "idna", "utf-7", "unicode_escape", "utf-16", "no such"])
def test_the_name_of_a_file_is_text_whatever_is_said_of_it(client, charset):
    body = b'--b\r\nContent-Disposition: form-data; name="video"; filename="+2AA-\\ud800\xc3\x9f"\r\n\r\nx\r\n--b--\r\n'
    answered = post(client, body, {"content-type": f"multipart/form-data; boundary=b; charset={charset}"})
    assert answered.status_code == 422
    assert answered.json()["uri"] == "+2AA-\\ud800ß"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/score", "/health", "/metrics", "/", "/docs", "/no/%0Awhere/%ff%00", "/score/"])
def test_any_method_is_answered_and_counted(client, method, path):
    name = "deepfake_answers_total" if path == "/score" else "deepfake_other_answers_total"
    before = answers(client, name)
    answered = client.request(method, path)
    # The preceding request for the metrics is counted, too.
    assert answers(client, name) == before + (1 if path == "/score" else 2)
    assert answered.status_code < 500
    if answered.status_code >= 400 and method != "HEAD":
        check(answered)
    if answered.status_code == 405:
        assert answered.headers["allow"]


HEAD = b"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Content-Length: 1\r\n\r\n[1]",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        HEAD + b"Content-Length: 99999999999999999\r\n\r\n[]",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[]",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
        HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n[]",
        HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        HEAD + b"X: y\r\n" * 5000 + b"\r\n",
        HEAD.replace(b"/score", b"*") + b"\r\n",
        HEAD.replace(b"/score", b"http://[/score") + b"\r\n",
        HEAD.replace(b"/score", b"//score") + b"\r\n",
        HEAD.replace(b"/score", b"/\xff") + b"\r\n",
        HEAD.replace(b"Host: localhost\r\n", b"") + b"\r\n",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"\x16\x03\x01 TLS",
    ],
    ids=range(20),
)
def test_any_request_is_answered_or_ended(client, sent):
    with socket.create_connection((client.base_url.host, client.base_url.port)) as connection:
        connection.settimeout(30)
        answered = b""
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(1 << 16):
                answered += more
        except OSError as error:
            # The service may close the connection while it is being sent to.
            if error.errno not in (errno.ECONNRESET, errno.ENOTCONN, errno.EPIPE):
                raise
    assert not answered or answered.startswith((b"HTTP/1.1 4", b"HTTP/1.1 1", b"HTTP/1.1 2"))
    assert b" 500 " not in answered.partition(b"\r\n")[0]
    assert client.get("/health").status_code == 200
