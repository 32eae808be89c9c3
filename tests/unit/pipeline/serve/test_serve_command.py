"""`deepfake serve`: the address that it listens on, and what it leaves behind."""

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import subprocess
import sys

import httpx
import pytest
from decoding_processes import decoders
from served_model import upload
from waiting import wait_until

from components.errors import UserError
from pipeline.cli.models.serve import serve


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": ""}, "--host is empty; type 0.0.0.0"),
        ({"host": "no such host"}, "--host no such host --port 0: "),
        ({"host": "ü" * 300}, "neither a name nor an address; type another one"),
        ({"host": "192.0.2.1"}, "--host 192.0.2.1 --port 0: Cannot assign requested address; type another one"),
        ({"host": "::zz"}, "--host ::zz --port 0: "),
        ({"allowed_host": ["videos.example", "https://videos.example"]}, "--allowed-host https://videos.example: type"),
        ({"allowed_host": ["videos.example:8000"]}, "--allowed-host videos.example:8000: type"),
        ({"allowed_host": [""]}, "--allowed-host : type"),
        ({"max_disk_mb": 10, "max_upload_mb": 11}, "--max-disk-mb 10: less than --max-upload-mb 11"),
    ],
)
def test_an_address_that_is_none_is_told_in_one_line(model, options, words):
    with pytest.raises(UserError) as raised:
        serve(model=model.path, **{"port": 0, **options})
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@contextlib.contextmanager
def command(model, *options: str, folder: pathlib.Path):
    """Runs the command with this folder for temporary files, and yields it and the address that it prints."""
    start = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "serve", "--model", model.path]
    with subprocess.Popen(
        [*start, "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as process:
        lines = iter(process.stdout.readline, "")
        try:
            yield process, next(line.split()[1] for line in lines if line.startswith("listening"))
        finally:
            process.kill()


@pytest.mark.e2e
def test_command_tells_where_it_listens_and_ends_on_interrupt(model, uploads):
    with command(model, folder=uploads) as (process, address):
        assert httpx.get(f"{address}/health", trust_env=False).json()["status"] == "ok"
        assert len(list(uploads.iterdir())) == 1
        port = address.rpartition(":")[2]
        start = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "serve", "--model", model.path]
        taken = subprocess.run([*start, "--port", port], capture_output=True, text=True, check=False)
        assert taken.returncode == 2
        assert f"--port {port}: Address already in use; type another one" in taken.stderr
        process.send_signal(signal.SIGINT)
        assert process.stdout.readlines() == ["stopped\n"]
        assert process.wait() == 0
    assert list(uploads.iterdir()) == []


@pytest.mark.e2e
def test_what_a_killed_service_left_goes_with_the_next_start(model, clip, uploads):
    with (
        command(model, "--host", "::1", "--allowed-host", "videos.example", folder=uploads) as (process, address),
        concurrent.futures.ThreadPoolExecutor(1) as pool,
    ):
        assert address.startswith("http://[::1]:")
        # By its address, by the name given, and by no other.
        for host, status in (("", 200), ("videos.example", 200), ("127.0.0.2", 400), ("other.example", 400)):
            headers = {"Host": host} if host else {}
            assert httpx.get(f"{address}/health", headers=headers, trust_env=False).status_code == status
        assert upload(address, clip).status_code == 200
        (decoder,) = decoders(process.pid)
        os.kill(decoder, signal.SIGSTOP)
        hanging = pool.submit(upload, address, clip)
        wait_until(lambda: list(uploads.glob("*/*/*")), seconds=60, what="the upload's file")
        left = list(uploads.glob("*/*/*"))
        process.kill()
        process.wait()
        os.kill(decoder, signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            hanging.result()
        assert all(path.exists() for path in left)
        with command(model, folder=uploads):
            assert not any(path.exists() for path in left)
            assert len(list(uploads.iterdir())) == 1
