"""`deepfake submit --wait`: prints a line for each change of a node, and exits with the run's outcome."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
from loopback import HANG_UP, Fault
from native_log import without_native_log
from waiting import wait_until

pytestmark = pytest.mark.e2e

START, END = "2026-05-01T10:00:00Z", "2026-05-01T10:01:30.5Z"


def progress(target: str, state: str, nodes: dict[str, str], reason: str = "") -> dict:
    """The engine's answer for a run with these states of nodes; a failed node has the reason."""
    error = {"error": {"code": 9, "message": reason}} if reason else {}
    ended = {"startTime": START, "endTime": END}
    times = {"PENDING": {}, "RUNNING": {"startTime": START}}
    if target == "vertex":
        details = [
            {
                "taskId": str(number),
                "taskName": node,
                "state": it,
                **times.get(it, ended),
            }
            for number, (node, it) in enumerate(nodes.items())
        ]
        details = [{**it, **error} if it["state"] == "FAILED" else it for it in details]
        # The run as a whole, which is not a node.
        details.append({"taskId": "99", "taskName": "the-run", "state": "RUNNING", "startTime": START})
        return {"state": f"PIPELINE_STATE_{state}", "jobDetail": {"taskDetails": details}, **error}
    details = []
    for node, it in nodes.items():
        moments = times.get(it, ended)
        snake = {{"startTime": "start_time", "endTime": "end_time"}[key]: value for key, value in moments.items()}
        details.append({"display_name": node, "state": it, **snake, **(error if it == "FAILED" else {})})
        details.append({"display_name": f"{node}-driver", "state": "SUCCEEDED", "start_time": START, "end_time": END})
    return {"state": state, "run_details": {"task_details": details}, **error}


def test_each_change_of_a_node_is_a_line(submit, engine):
    engine.api.progress = [
        progress(engine.target, "PENDING", {}),
        progress(engine.target, "RUNNING", {"VideoExampleGen": "RUNNING", "FrameEncoder": "PENDING"}),
        progress(engine.target, "RUNNING", {"VideoExampleGen": "SUCCEEDED", "FrameEncoder": "RUNNING"}),
        progress(engine.target, "SUCCEEDED", {"VideoExampleGen": "SUCCEEDED", "FrameEncoder": "SKIPPED"}),
    ]
    result = submit(options=("--wait",))
    assert result.code == 0
    submitted, *nodes, end = result.lines
    skipped = {"vertex": "cached", "kubeflow": "skipped"}[engine.target]
    assert [line.split() for line in nodes] == [
        ["VideoExampleGen", "running"],
        ["VideoExampleGen", "done", "90.5", "s"],
        ["FrameEncoder", "running"],
        ["FrameEncoder", skipped, "90.5", "s"],
    ]
    name, _, url = submitted.split()
    assert end == f"{name} done: {url}"


def test_a_failed_run_names_the_node(submit, engine):
    nodes = {"VideoExampleGen": "SUCCEEDED", "Trainer": "FAILED", "Pusher": "PENDING"}
    engine.api.progress = [progress(engine.target, "FAILED", nodes, "[Errno 12] out of memory\nin the [/second] epoch")]
    result = submit(options=("--wait",))
    assert result.code == 1
    *_, failed, end = result.lines
    assert failed == "Trainer failed: [Errno 12] out of memory in the [/second] epoch"
    assert " failed: https://" in end


def test_a_run_that_fails_before_any_node(submit, engine):
    engine.api.progress = [progress(engine.target, "FAILED", {}, "the service account cannot read the image")]
    result = submit(options=("--wait",))
    assert result.code == 1
    assert result.lines[-2] == "the service account cannot read the image"


def test_a_cancelled_run(submit, engine):
    state = {"vertex": "CANCELLED", "kubeflow": "CANCELED"}[engine.target]
    engine.api.progress = [progress(engine.target, state, {"Trainer": state})]
    result = submit(options=("--wait",))
    assert result.code == 1
    assert " cancelled: https://" in result.lines[-1]


def test_readings_may_fail_for_a_while(submit, engine):
    requests_before = {"vertex": 0, "kubeflow": 3}[engine.target]
    engine.api.progress = [progress(engine.target, "SUCCEEDED", {"Trainer": "SUCCEEDED"})]
    engine.api.faults_of_reads = [*[None] * requests_before, Fault(503), Fault(HANG_UP)]
    result = submit(options=("--wait",))
    assert result.code == 0
    assert result.lines[-1].split()[1] == "done:"
    assert engine.api.faults_of_reads == []


def test_a_run_that_may_not_be_asked_goes_on(deepfake, vertex):
    vertex.api.faults_of_reads = [Fault(403, "Permission 'aiplatform.pipelineJobs.get' denied")]
    result = deepfake("submit", *vertex.arguments(), "--wait")
    assert result.code == 2
    (line,) = result.errors.splitlines()
    name, _, url = result.output.split()
    assert "aiplatform.pipelineJobs.get is missing" in line
    assert line.endswith(f"; {name} goes on: {url}")


def test_a_schedule_cannot_be_waited_for(submit, engine):
    result = submit(f"{engine.target}.schedule=0 3 * * 1", options=("--wait",))
    assert result.code == 2
    assert f"--wait: {engine.target}.schedule is set" in result.error
    assert engine.api.requests == []


def test_interrupted_waiting(engine, tmp_path):
    """In a separate process, as for a user, whose terminal must show our lines only."""
    engine.api.progress = [progress(engine.target, "RUNNING", {"Trainer": "RUNNING"})]
    command = [str(pathlib.Path(sys.executable).parent / "deepfake"), "submit", *engine.arguments(), "--wait"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_until(
            lambda: engine.api.accepted and engine.api.requests[-1].method == "GET",
            alive=lambda: process.poll() is None,
            seconds=300,
            what="the first reading of the run's state",
        )
        # The request is still unanswered.
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 130
    assert without_native_log(errors) == ""
    submitted, node, last = output.splitlines()
    name, _, url = submitted.split()
    assert node.split() == ["Trainer", "running"]
    assert last == f"interrupted; {name} goes on: {url}"
    assert len(engine.api.accepted) == 1
