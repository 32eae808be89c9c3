"""Nothing that becomes of a pipeline's threads makes the caller wait for ever."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from pipeline.runners.beam import watched
from pipeline.runners.beam.watched import WorkerLostError, run_watched


def test_a_result_and_an_error_are_passed_on():
    assert run_watched(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        run_watched(lambda: 1 // 0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ends_by_an_error_ends_the_wait(monkeypatch):
    monkeypatch.setattr(watched, "_GRACE_S", 0.1)
    released = threading.Event()

    def wait_for_lost_worker() -> None:
        threading.Thread(target=lambda: 1 // 0).start()
        released.wait()

    try:
        with pytest.raises(WorkerLostError, match="a worker was lost: integer division"):
            run_watched(wait_for_lost_worker)
        assert watched.at_work()
    finally:
        released.set()
    time.sleep(0.2)
    assert not watched.at_work()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_pipelines_own_error_is_preferred():
    def notices() -> None:
        lost = threading.Thread(target=lambda: 1 // 0)
        lost.start()
        lost.join()
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        run_watched(notices)


LEAVES = """
import sys, threading, time
from pipeline.cli.interrupts import interruptible
from pipeline.cli.leaving import leave
from pipeline.runners.beam.watched import run_watched
from pipeline.terminal.console import Console
import typer
try:
    with interruptible(Console()):
        def work():
            print("ready", flush=True)
            time.sleep(600)
        run_watched(work)
except typer.Exit as ended:
    leave(ended.exit_code)
"""


def test_an_interrupted_command_does_not_wait_for_threads():
    process = subprocess.Popen([sys.executable, "-c", LEAVES], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, "interrupted; the same command goes on where it was\n")


ENDS = """
import time
from pipeline.cli.leaving import leave

class Slow:
    def __init__(self):
        self.sleep = time.sleep
    def __del__(self):
        print("ending", flush=True)
        self.sleep(2)

slow = Slow()
leave(0)
"""


def test_an_interrupt_at_the_very_end_changes_nothing():
    process = subprocess.Popen([sys.executable, "-c", ENDS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ending\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
