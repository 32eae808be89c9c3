"""A run's folder has one command at work at a time, and a dead one's lock is taken."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from components.errors import UserError
from pipeline.runs.locking.holder import Holder
from pipeline.runs.locking.run_lock import LOCK_FILE, SILENCE_S, held

HOLD = """
import os, sys, time
from pipeline.runs.locking.run_lock import held
with held(sys.argv[1], "deepfake run"):
    {inside}
    print("held", flush=True)
    time.sleep(60)
"""
NO_LOCKS = "#include <errno.h>\nint flock(int descriptor, int operation) { errno = ENOLCK; return -1; }\n"


@contextlib.contextmanager
def holding(folder: pathlib.Path, inside: str = "pass", **environment: str):
    """Another process that holds the folder, until it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(inside=inside), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


def left_by(folder: pathlib.Path, holder: Holder, *, silent_s: float = 0) -> None:
    """Leaves a lock file as of a holder that gave its last sign of life some seconds ago."""
    path = folder / LOCK_FILE
    path.write_bytes(holder.to_json())
    last = time.time() - silent_s
    os.utime(path, (last, last))


def elsewhere(**changes: object) -> Holder:
    given = {"boot": "another boot", "host": "elsewhere", "pid": 4711, "process_start": "1", **changes}
    return dataclasses.replace(Holder.this_process("deepfake run"), **given)


def test_a_second_command_is_refused_and_told_of_the_first(tmp_path):
    with holding(tmp_path) as first:
        with pytest.raises(UserError) as refused, held(str(tmp_path), "deepfake audit"):
            pass
        line = str(refused.value)
        assert "\n" not in line
        for part in (str(tmp_path), "deepfake run", f"process {first.pid}", socket.gethostname(), "since 20"):
            assert part in line
    with held(str(tmp_path), "deepfake audit"):
        pass


def test_nothing_is_left_by_a_command_that_ends(tmp_path):
    with held(str(tmp_path), "deepfake run"):
        assert os.listdir(tmp_path) == [LOCK_FILE]
    assert os.listdir(tmp_path) == []


def test_a_notebook_holds_its_folder_once_and_until_it_ends(tmp_path):
    take = (
        "import sys; from pipeline.runs.locking.run_lock import hold_until_exit, held\n"
        "for _ in range(2): hold_until_exit(sys.argv[1], 'a notebook')\n"
        "with held(sys.argv[1], 'deepfake run'): pass"
    )
    ended = subprocess.run([sys.executable, "-c", take, str(tmp_path)], capture_output=True, text=True)
    assert ended.stderr.splitlines()[-1].startswith(f"components.errors.UserError: {tmp_path}: a notebook (process ")
    assert os.listdir(tmp_path) == []


def test_a_killed_holder_is_noticed_at_once(tmp_path):
    with holding(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert (tmp_path / LOCK_FILE).exists()
        with held(str(tmp_path), "deepfake run"):
            assert Holder.from_json((tmp_path / LOCK_FILE).read_bytes()).pid == os.getpid()


def test_a_child_that_outlives_a_killed_holder_keeps_nobody_out(tmp_path):
    fork = "child = os.fork() or time.sleep(60); print(child, flush=True)"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(inside=fork), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    child = int(process.stdout.readline())
    try:
        assert process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
        refused = pytest.raises(UserError, match=f"process {os.getpid()} ")
        with held(str(tmp_path), "deepfake run"), refused, held(str(tmp_path), "deepfake report"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_holder_on_another_machine_counts_while_it_gives_signs_of_life(tmp_path):
    left_by(tmp_path, elsewhere(), silent_s=SILENCE_S / 3)
    refused = pytest.raises(UserError, match=r"process 4711 on elsewhere, .* type the same again in 90 s")
    with refused, held(str(tmp_path), "deepfake run"):
        pass
    left_by(tmp_path, elsewhere(), silent_s=SILENCE_S + 1)
    with held(str(tmp_path), "deepfake run"):
        pass


@pytest.mark.parametrize(
    "changes",
    [
        {"host": socket.gethostname()},
        {"boot": Holder.this_process("").boot, "processes": "of a container that is gone"},
        {"boot": Holder.this_process("").boot, "host": socket.gethostname(), "pid": os.getpid()},
    ],
    ids=["rebooted", "container", "id of another process"],
)
def test_a_holder_that_cannot_be_alive_is_not_waited_for(tmp_path, changes):
    left_by(tmp_path, elsewhere(**changes))
    with held(str(tmp_path), "deepfake run"):
        pass


@pytest.mark.parametrize("content", [b"", b"\0" * 200, b"{}", b"[1]", b'{"pid": 1'])
def test_a_torn_lock_file_is_taken(tmp_path, content):
    (tmp_path / LOCK_FILE).write_bytes(content)
    with held(str(tmp_path), "deepfake run"):
        pass


def test_of_many_at_once_one_is_at_work(tmp_path):
    work = (
        "import os, sys\n"
        "from components.errors import UserError\n"
        "from pipeline.runs.locking.run_lock import held\n"
        "for _ in range(25):\n"
        "    try:\n"
        "        with held(sys.argv[1], 'deepfake run'):\n"
        "            os.close(os.open(sys.argv[1] + '/at work', os.O_CREAT | os.O_EXCL))\n"
        "            os.remove(sys.argv[1] + '/at work')\n"
        "    except UserError:\n"
        "        pass\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", work, str(tmp_path)]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert os.listdir(tmp_path) == []


@pytest.fixture(scope="module")
def without_locks(tmp_path_factory) -> dict[str, str]:
    """The environment of a process whose file systems have no locks."""
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("no C compiler, which makes a file system without locks")
    folder = tmp_path_factory.mktemp("shim")
    (folder / "flock.c").write_text(NO_LOCKS)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "flock.so", folder / "flock.c"], check=True)
    return {"LD_PRELOAD": str(folder / "flock.so")}


def test_without_locks_of_the_file_system_the_file_decides(tmp_path, without_locks):
    take = "import sys; from pipeline.runs.locking.run_lock import held\nwith held(sys.argv[1], 'deepfake run'): pass"
    command = [sys.executable, "-c", take, str(tmp_path)]
    environment = {**os.environ, **without_locks}
    with holding(tmp_path, **without_locks) as first:
        refused = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert f"process {first.pid} on {socket.gethostname()}" in refused.stderr
        # One that does have locks sees it, too.
        with pytest.raises(UserError, match=f"process {first.pid} "), held(str(tmp_path), "deepfake audit"):
            pass
    assert (tmp_path / LOCK_FILE).exists()
    subprocess.run(command, env=environment, check=True)
    assert os.listdir(tmp_path) == []
