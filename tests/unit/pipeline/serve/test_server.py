"""The service under load and attack, on a real port."""

import concurrent.futures
import csv
import os
import pathlib
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from decoding_processes import decoders
from killed_children import killing_children
from served_model import served, upload
from waiting import wait_until

from pipeline.serve.requests.limits import Limits

MEBIBYTE = 1 << 20


def start_upload(address: str) -> socket.socket:
    """Begins an upload and stalls."""
    connection = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])))
    headers = "Host: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000"
    connection.sendall(f"POST /score HTTP/1.1\r\n{headers}\r\n\r\n--b".encode())
    return connection


def answered_to(connection: socket.socket) -> str:
    """Reads until the service closes the connection, since headers and body may arrive in two pieces."""
    with connection.makefile("rb") as reader:
        return reader.read().decode()


def metrics(address: str) -> str:
    return httpx.get(f"{address}/metrics", trust_env=False).text


def in_house(address: str) -> int:
    return int(float(metrics(address).split("\ndeepfake_requests_in_house ")[1].split()[0]))


def wait_for(address: str, count: int) -> None:
    wait_until(lambda: in_house(address) == count, seconds=60, what=f"{count} requests in the house")


def leave_after_sending(address: str, content: bytes, in_house_by_then: int) -> socket.socket:
    """Sends a complete upload, waits until the service has received it, and returns the connection for closing."""
    request = httpx.Request("POST", f"{address}/score", files={"video": ("a.mp4", content)})
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    connection = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])))
    connection.sendall(f"POST /score HTTP/1.1\r\n{head}\r\n".encode() + request.read())
    wait_for(address, in_house_by_then)
    return connection


def test_eight_at_a_time_are_all_answered(model, clip, uploads):
    with served(pathlib.Path(model.path), Limits(at_work=2, waiting=6)) as address:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: upload(address, clip), range(16)))
        assert [answered.status_code for answered in answers] == [200] * 16
        assert len({answered.json()["probability"] for answered in answers}) == 1
    assert list(uploads.iterdir()) == []


def test_beyond_the_limit_a_caller_is_told_when_to_come_back(model, clip):
    before = decoders(os.getpid())
    with (
        served(pathlib.Path(model.path), Limits(at_work=1, waiting=1)) as address,
        concurrent.futures.ThreadPoolExecutor(2) as pool,
    ):
        upload(address, clip)
        (decoder,) = decoders(os.getpid()) - before
        os.kill(decoder, signal.SIGSTOP)
        waiting = [pool.submit(upload, address, clip) for _ in range(2)]
        wait_for(address, 2)
        answered = upload(address, clip)
        assert answered.status_code == 429
        assert answered.headers["retry-after"] == "5"
        assert answered.json() == {"error": "busy; try again in 5 s"}
        # Other requests are still answered.
        assert httpx.get(f"{address}/health", trust_env=False).status_code == 200
        os.kill(decoder, signal.SIGCONT)
        assert [each.result().status_code for each in waiting] == [200, 200]
        wait_for(address, 0)


def test_work_ends_with_its_caller(model, clip, uploads):
    before = decoders(os.getpid())
    with served(pathlib.Path(model.path), Limits(at_work=1, waiting=1)) as address:
        upload(address, clip)
        (decoder,) = decoders(os.getpid()) - before
        os.kill(decoder, signal.SIGSTOP)
        # One being processed, one waiting.
        for connection in [leave_after_sending(address, clip, count) for count in (1, 2)]:
            connection.close()
        wait_for(address, 0)
        assert not pathlib.Path(f"/proc/{decoder}").exists()
        # The next video gets a new decoder and is not affected.
        assert upload(address, clip).status_code == 200
        both = 'deepfake_answers_total{status="499",verdict=""} 2.0'
        wait_until(lambda: both in metrics(address), seconds=60, what="both answers that nobody reads")
    assert list(uploads.iterdir()) == []


def test_who_sends_slowly_keeps_nobody_else_out(model, clip):
    with served(pathlib.Path(model.path), Limits(at_work=1, waiting=0)) as address:
        slow = [start_upload(address) for _ in range(40)]
        wait_for(address, 40)
        assert upload(address, clip).status_code == 200
        for connection in slow:
            connection.close()
        # Their places are free again, although they never sent anything.
        wait_for(address, 0)


def test_uploads_and_their_bytes_are_bounded_together(model, clip, uploads):
    limits = Limits(at_work=1, waiting=0, uploads=3, held_bytes=MEBIBYTE)
    with served(pathlib.Path(model.path), limits) as address:
        answered = upload(address, bytes(MEBIBYTE + 1))
        assert (answered.status_code, answered.json()) == (429, {"error": "busy; try again in 5 s"})
        wait_for(address, 0)
        slow = [start_upload(address) for _ in range(3)]
        wait_for(address, 3)
        assert "deepfake_held_bytes 9.0" in metrics(address)
        assert upload(address, clip).status_code == 429
        for connection in slow:
            connection.close()
        wait_for(address, 0)
        assert "deepfake_held_bytes 0.0" in metrics(address)
        assert upload(address, clip).status_code == 200
    assert list(uploads.iterdir()) == []


def test_a_decoder_that_is_killed_costs_no_upload(model, clip):
    with served(pathlib.Path(model.path), Limits(at_work=1, waiting=0)) as address:
        expected = upload(address, clip).json()
        # It is idle at first.
        with killing_children(b"decoder", signal.SIGKILL, times=1) as ended:
            answered = upload(address, clip)
        assert len(ended) == 1
        assert (answered.status_code, answered.json()) == (200, expected)


def test_who_hangs_is_cut_off_while_others_are_served(model, clip):
    with served(pathlib.Path(model.path), Limits(upload_s=1.0, at_work=1, waiting=1)) as address:
        hanging = start_upload(address)
        wait_for(address, 1)
        assert upload(address, clip).status_code == 200
        answered = answered_to(hanging)
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
        except (httpx.WriteError, httpx.RemoteProtocolError):
            # The connection was closed before everything was sent, so the answer was lost, or its body.
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


@pytest.mark.e2e
def test_tfx_and_beam_are_not_waited_for():
    script = "import sys, pipeline.serve.app; print([name for name in ('tfx', 'apache_beam') if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
