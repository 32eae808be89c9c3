"""The service under load and under fire, on a real port."""

import concurrent.futures
import csv
import pathlib
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from grey_clips import write_grey_clip
from served_model import served

from pipeline.serve.limits import Limits

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    return pathlib.Path(write_grey_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 200)).read_bytes()


def upload(address: str, content: bytes, name: str = "clip.mp4") -> httpx.Response:
    return httpx.post(f"{address}/score", files={"video": (name, content)}, timeout=120, trust_env=False)


def start_upload(address: str) -> socket.socket:
    """Begins an upload, and does not go on with it."""
    connection = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])))
    headers = "Host: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000"
    connection.sendall(f"POST /score HTTP/1.1\r\n{headers}\r\n\r\n--b".encode())
    return connection


def in_house(address: str) -> int:
    text = httpx.get(f"{address}/metrics", trust_env=False).text
    return int(float(text.split("\ndeepfake_requests_in_house ")[1].split()[0]))


def wait_for(address: str, count: int) -> None:
    while in_house(address) != count:
        time.sleep(0.01)


def test_eight_at_a_time_are_all_answered(model, clip, uploads):
    with served(pathlib.Path(model.path), Limits(at_work=2, waiting=6)) as address:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: upload(address, clip), range(16)))
        assert [answered.status_code for answered in answers] == [200] * 16
        assert len({answered.json()["probability"] for answered in answers}) == 1
    assert list(uploads.iterdir()) == []


def test_beyond_the_limit_a_caller_is_told_when_to_come_back(model, clip):
    with served(pathlib.Path(model.path), Limits(at_work=1, waiting=1)) as address:
        waiting = [start_upload(address) for _ in range(2)]
        wait_for(address, 2)
        answered = upload(address, clip)
        assert answered.status_code == 429
        assert answered.headers["retry-after"] == "5"
        assert answered.json() == {"error": "busy; try again in 5 s"}
        for connection in waiting:
            connection.close()
        # Their places are free again, though they never said a word.
        wait_for(address, 0)
        assert upload(address, clip).status_code == 200


def test_who_hangs_is_cut_off_while_others_are_served(model, clip):
    with served(pathlib.Path(model.path), Limits(upload_s=1.0, at_work=1, waiting=1)) as address:
        hanging = start_upload(address)
        wait_for(address, 1)
        assert upload(address, clip).status_code == 200
        # Headers and body may come in two pieces; the service closes the connection after them.
        with hanging.makefile("rb") as reader:
            answered = reader.read().decode()
        assert answered.startswith("HTTP/1.1 408")
        assert "the upload was not complete after 1 s" in answered
        wait_for(address, 0)


def test_two_gigabytes_are_refused_before_they_have_come(model, clip, uploads):
    with served(pathlib.Path(model.path), Limits(upload_bytes=4 * MEBIBYTE)) as address:
        sent = 0

        def pieces():
            nonlocal sent
            yield b'--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\n'
            for _ in range(2048):
                sent += MEBIBYTE
                yield bytes(MEBIBYTE)

        headers = {"content-type": "multipart/form-data; boundary=b"}
        try:
            status = httpx.post(
                f"{address}/score", content=pieces(), headers=headers, timeout=60, trust_env=False
            ).status_code
        except httpx.WriteError:
            # The connection was closed on what was still to come; the answer went by unread.
            status = 413
        assert status == 413
        assert sent < 512 * MEBIBYTE
        assert upload(address, clip).status_code == 200
    assert list(uploads.iterdir()) == []


@pytest.mark.e2e
def test_every_odd_video_is_answered(model, shared_data, uploads):
    folder = shared_data / "odd_videos"
    with (folder / "MANIFEST.csv").open() as file:
        names = [row[next(iter(row))] for row in csv.DictReader(file)]
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "MANIFEST.csv"]
    assert len(paths) >= len(names) - 1
    with served(pathlib.Path(model.path), Limits(at_work=2, waiting=2)) as address:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda path: upload(address, path.read_bytes(), path.name), paths))
        for answered in answers:
            assert answered.status_code == (422 if answered.json()["verdict"] == "UNSCORED" else 200)
        wait_for(address, 0)
    assert list(uploads.iterdir()) == []


@pytest.fixture
def service(model):
    """The command, running, and what it prints."""
    start = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", "--model", model.path, "--port"]
    with subprocess.Popen([*start, "0"], stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        yield start, process
        process.kill()


@pytest.mark.e2e
def test_command_tells_where_it_listens_and_ends_on_interrupt(service):
    start, process = service
    lines = iter(process.stdout.readline, "")
    address = next(line.split()[1] for line in lines if line.startswith("listening"))
    assert httpx.get(f"{address}/health", trust_env=False).json()["status"] == "ok"
    port = address.rpartition(":")[2]
    taken = subprocess.run([*start, port], capture_output=True, text=True, check=False)
    assert taken.returncode == 2
    assert f"--port {port}: Address already in use; type another one" in taken.stderr
    process.send_signal(signal.SIGINT)
    assert list(lines) == ["stopped\n"]
    assert process.wait() == 0


@pytest.mark.e2e
def test_tfx_and_beam_are_not_waited_for():
    script = "import sys, pipeline.serve.app; print([name for name in ('tfx', 'apache_beam') if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
