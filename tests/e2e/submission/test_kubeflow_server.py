"""What the server of Kubeflow Pipelines 2.17 says of runs, credentials and requests, each on one line."""

from collections.abc import Mapping

import pytest
from kubeflow_api import COOKIE, NAMESPACE
from loopback import Fault, Response

pytestmark = pytest.mark.e2e

START, END = "2026-11-01T10:00:00Z", "2026-11-01T10:01:30Z"
# What has not happened yet.
NEVER, EPOCH = "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"
WORKFLOW = "deepfake-x7k2p"


def run(state: str | None, tasks: Mapping[str, str], finished: str = EPOCH, **further) -> dict:
    """A run as the server answers it: no errors, and each task with a start and an end."""
    ends = {"RUNNING": NEVER, "PENDING": NEVER, "RUNTIME_STATE_UNSPECIFIED": NEVER}
    details = [
        {
            **{"display_name": name, "state": it, "state_history": [{"state": it}]},
            **{"start_time": START, "end_time": ends.get(it, END)},
        }
        for name, it in {"root-driver": "SUCCEEDED", "root": "RUNNING", "executor": "RUNNING", **tasks}.items()
    ]
    answer = {"run_details": {"task_details": details}, "finished_at": finished, **further}
    return {**answer, "state": state, "state_history": [{"state": state}]} if state else answer


def pod(name: str, phase: str = "Failed", message: str = "", finished: str = END, template: str = "impl") -> dict:
    """A node of the Argo workflow."""
    identifier = f"{WORKFLOW}-{abs(hash(name)) % 10**9}"
    display = name.rpartition(".")[-1]
    return {
        **{"id": identifier, "name": f"{WORKFLOW}.{name}", "displayName": display, "type": "Pod", "phase": phase},
        **{"templateName": template, "message": message, "startedAt": START, "finishedAt": finished},
    }


def workflow(*pods: Mapping) -> dict:
    nodes = {each["id"]: each for each in pods}
    dag = {"id": WORKFLOW, "name": WORKFLOW, "displayName": WORKFLOW, "type": "DAG", "phase": "Failed"}
    return {"metadata": {"name": WORKFLOW, "namespace": NAMESPACE}, "status": {"nodes": {WORKFLOW: dag, **nodes}}}


@pytest.fixture
def wait(deepfake, kubeflow):
    def wait(*progress: Mapping, workflow: Mapping | None = None):
        kubeflow.api.progress, kubeflow.api.workflow = list(progress), workflow
        return deepfake("submit", *kubeflow.arguments(), "--wait")

    return wait


def test_a_node_that_runs_has_no_time_yet(wait):
    result = wait(run("RUNNING", {"Trainer": "RUNNING"}), run("SUCCEEDED", {"Trainer": "SUCCEEDED"}, END))
    assert result.code == 0
    assert [line.split() for line in result.lines[1:3]] == [["Trainer", "running"], ["Trainer", "done", "90.0", "s"]]


@pytest.mark.parametrize(
    "state", ["RUNTIME_STATE_UNSPECIFIED", "PENDING", "RUNNING", "CANCELING", "PAUSED", None, "NEW"]
)
def test_a_run_goes_on_in_each_state_but_the_last(wait, state):
    result = wait(run(state, {"Trainer": state or "PENDING"}), run("SUCCEEDED", {}, END))
    assert result.code == 0
    assert " done: https://" in result.lines[-1]


def test_an_unknown_state_with_an_end_ends_the_run(wait):
    result = wait(run("EXPIRED", {"Trainer": "SUCCEEDED"}, END))
    assert result.code == 1
    assert " expired: https://" in result.lines[-1]


def test_a_failed_node_is_explained_by_its_last_pod(wait):
    attempts = (
        pod("root.Trainer.executor(0)", message="Error (exit code 1)", finished="2026-11-01T10:00:30Z"),
        pod("root.Trainer.executor(1)", message="OOMKilled (exit code 137)"),
        pod("root.Trainer-driver", "Succeeded"),
        pod("root.Tuner.executor(0)", "Succeeded"),
    )
    tasks = {"Trainer-driver": "SUCCEEDED", "Trainer": "FAILED", "Pusher": "RUNTIME_STATE_UNSPECIFIED"}
    result = wait(run("FAILED", tasks, END), workflow=workflow(*attempts))
    assert result.code == 1
    identifier = attempts[1]["id"].rpartition("-")[-1]
    command = f"kubectl --namespace forensics logs {WORKFLOW}-impl-{identifier} --container main"
    assert result.lines[-2] == f"Trainer failed: OOMKilled (exit code 137); type {command}"
    assert " failed: https://" in result.lines[-1]


def test_a_node_whose_driver_fails_is_the_one_that_failed(wait):
    failed = run("FAILED", {"Trainer-driver": "FAILED", "Trainer": "RUNTIME_STATE_UNSPECIFIED"}, END)
    driver = pod("root.Trainer-driver", "Error", "Error (exit code 1)", template="system-container-driver")
    result = wait(failed, workflow=workflow(driver))
    assert result.code == 1
    assert result.lines[1].split() == ["Trainer", "failed", "90.0", "s"]
    assert result.lines[-2].startswith("Trainer failed: its driver: Error (exit code 1); type kubectl --namespace")


@pytest.mark.parametrize("given", [None, {}, {"status": None}, {"metadata": None, "status": {"nodes": None}}, []])
def test_a_failure_without_an_explanation_is_told_all_the_same(wait, given):
    result = wait(run("FAILED", {"Trainer": "FAILED"}, END), workflow=given)
    assert result.code == 1
    assert result.lines[-2] == "Trainer failed: see its log"


def test_an_error_in_the_history_of_a_node_is_its_reason(wait):
    history = [{"state": "RUNNING"}, {"state": "FAILED", "error": {"code": 13, "message": "evicted"}}]
    failed = run("FAILED", {"Trainer": "FAILED"}, END)
    failed["run_details"]["task_details"][-1]["state_history"] = history
    assert wait(failed).lines[-2] == "Trainer failed: evicted"


def test_a_record_that_the_server_cannot_read_is_not_waited_for_forever(wait, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    result = wait({"error": {"code": 13, "message": "Failed to parse runtime config"}})
    assert result.code == 1
    assert "cannot read the run (Failed to parse runtime config); deepfake-" in result.errors


def test_a_session_of_a_browser_is_taken(deepfake, kubeflow, monkeypatch, tmp_path):
    monkeypatch.delenv("KF_PIPELINES_SA_TOKEN_PATH")
    assert "does not accept the credentials (401)" in deepfake("submit", *kubeflow.arguments()).error
    (tmp_path / "cookie").write_text(f"{COOKIE}\n")
    monkeypatch.setenv("DEEPFAKE_KUBEFLOW_COOKIE_PATH", str(tmp_path / "cookie"))
    assert deepfake("submit", *kubeflow.arguments()).code == 0
    monkeypatch.setenv("DEEPFAKE_KUBEFLOW_COOKIE_PATH", str(tmp_path / "nowhere"))
    assert (
        f"DEEPFAKE_KUBEFLOW_COOKIE_PATH={tmp_path}/nowhere: cannot be read"
        in deepfake("submit", *kubeflow.arguments()).error
    )


@pytest.mark.parametrize(
    ("body", "words"), [("RBAC: access denied", "RBAC"), ("<html><b>Sign in</b></html>", "Sign in")]
)
def test_a_proxy_that_lets_nobody_in(deepfake, kubeflow, monkeypatch, body, words):
    monkeypatch.setattr(kubeflow.api, "respond", lambda request: Response(403, body, {"Content-Type": "text/html"}))
    result = deepfake("submit", *kubeflow.arguments())
    assert result.code == 2
    assert f"does not let you in (403): {words}" in result.error
    assert "KF_PIPELINES_SA_TOKEN_PATH" in result.error


def test_a_deployment_with_namespaces_needs_one(deepfake, kubeflow):
    result = deepfake("submit", *kubeflow.arguments('kubeflow.namespace=""'))
    assert result.code == 2
    assert "kubeflow.namespace is required" in result.error
    assert kubeflow.api.accepted == []


def test_an_aborted_request_is_not_taken_for_a_name_that_exists(deepfake, kubeflow, monkeypatch):
    told = "Failed to create a run due to invalid MLflow plugin input"
    answer = kubeflow.api.error(409, f"Failed to create a new run: BadRequestError: {told}", told, code=10)
    respond = kubeflow.api.respond
    monkeypatch.setattr(kubeflow.api, "respond", lambda it: answer if kubeflow.api.submits(it) else respond(it))
    result = deepfake("submit", *kubeflow.arguments())
    assert result.code == 2
    assert f"refuses this (409): {told}" in result.error


def test_the_cause_of_an_internal_error_is_at_its_end(deepfake, kubeflow):
    cause = 'failed calling webhook: pods "x" is forbidden: exceeded quota'
    kubeflow.api.faults = [Fault(500, f"Failed to create a new run: {'InternalServerError: ' * 40}{cause}")]
    result = deepfake("submit", *kubeflow.arguments())
    assert result.code == 1
    assert f"{cause}; whether it took deepfake-" in result.error
