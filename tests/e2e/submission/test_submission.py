"""What `deepfake submit` sends and prints, and that nothing is submitted twice."""

import os
import re
import signal

import kfp
import pytest
import yaml
from filled_in import SERVICE_ACCOUNT, filled_in
from google.auth.credentials import AnonymousCredentials
from loopback import HANG_UP, SILENCE, Fault, Request, Response

pytestmark = pytest.mark.e2e


def test_the_compiled_pipeline_is_taken(deepfake, submit, engine, tmp_path):
    result = submit(f"{engine.target}.labels={{team: forensics, stage: test}}")
    assert result.code == 0
    (line,) = result.lines
    (taken,) = engine.api.accepted

    out = tmp_path / "compiled"
    assert deepfake("compile", *engine.arguments(), "--out", str(out)).code == 0
    compiled = yaml.safe_load(out.read_text())
    if engine.target == "vertex":
        assert taken["pipelineSpec"] == compiled["pipelineSpec"]
        assert taken["runtimeConfig"] == compiled["runtimeConfig"]
        assert taken["labels"] == {**compiled["labels"], "team": "forensics", "stage": "test"}
        assert taken["serviceAccount"] == SERVICE_ACCOUNT
        name = taken["name"].split("/")[-1]
        assert f"/locations/europe-west4/pipelines/runs/{name}?project=test-project" in line
    else:
        assert taken["pipeline_spec"] == compiled
        parameters = compiled["root"]["inputDefinitions"]["parameters"]
        assert taken["runtime_config"]["parameters"] == {key: it["defaultValue"] for key, it in parameters.items()}
        assert taken["runtime_config"]["pipeline_root"] == "gs://forensics/pipeline-root"
        assert taken["description"] == "stage=test, team=forensics"
        assert taken["service_account"] == "pipeline-runner"
        (experiment,) = engine.api.experiments.values()
        assert (experiment["display_name"], taken["experiment_id"]) == ("deepfake", experiment["experiment_id"])
        name = taken["display_name"]
        assert f"https://{engine.address}/pipeline/#/runs/details/{taken['run_id']}" in line
    assert re.fullmatch(r"deepfake-[0-9a-f]{12}", name)
    assert line.startswith(f"{name} submitted: https://")


def test_the_clients_of_both_engines_read_the_compiled_files(deepfake, tmp_path):
    """With their own functions, as for users who submit by other means."""
    # Here, since it takes seconds to import.
    from google.cloud import aiplatform

    job, package = str(tmp_path / "job.json"), str(tmp_path / "package.yaml")
    for target, out in (("vertex", job), ("kubeflow", package)):
        settings = (part for setting in filled_in(target) for part in ("--set", setting))
        assert deepfake("compile", "--target", target, "--out", out, *settings).code == 0
    where = {"project": "test-project", "location": "europe-west4", "credentials": AnonymousCredentials()}
    vertex_job = aiplatform.PipelineJob(display_name="x", template_path=job, **where)
    assert vertex_job.runtime_config.gcs_output_directory == "gs://forensics/pipeline-root"
    assert vertex_job.runtime_config.parameter_values["epochs"] == 40
    assert set(kfp.components.load_component_from_file(package).component_spec.inputs) == {
        "bounds",
        "data_root",
        "epochs",
        "extraction_attempt",
        "slice_bounds",
    }


def test_further_settings_of_vertex_are_sent(deepfake, vertex):
    network, key = "projects/1/global/networks/inner", "projects/p/locations/l/keyRings/r/cryptoKeys/k"
    settings = (f"vertex.network={network}", f"vertex.encryption_key={key}", 'vertex.service_account=""')
    assert deepfake("submit", *vertex.arguments(*settings)).code == 0
    (taken,) = vertex.api.accepted
    assert taken["network"] == network
    assert taken["encryptionSpec"] == {"kmsKeyName": key}
    assert "serviceAccount" not in taken


def test_a_second_time_is_refused_unless_it_has_another_id(submit, engine):
    first = submit()
    second = submit()
    assert (first.code, second.code) == (0, 2)
    name = first.output.split()[0]
    assert f"{name} is taken" in second.error
    assert first.output.split()[-1] in second.error
    assert f"--job-id {name}-2" in second.error
    assert len(engine.api.accepted) == 1

    assert submit(options=("--job-id", f"{name}-2")).code == 0
    assert submit("trainer.epochs=7").code == 0
    assert len(engine.api.accepted) == 3


def test_a_name_that_another_took_meanwhile(submit, engine):
    engine.api.faults = [Fault(409, "already exists")]
    result = submit()
    assert result.code == 2
    assert "is taken" in result.error
    assert len(engine.api.attempts) == 1


def test_credentials_that_the_service_does_not_know(submit, engine):
    engine.api.faults = [Fault(401, "the token is wrong")] * 3
    result = submit()
    assert result.code == 2
    assert "does not accept the credentials (401): the token is wrong" in result.error
    words = {"vertex": "gcloud auth application-default login", "kubeflow": "KF_PIPELINES_SA_TOKEN_PATH"}
    assert words[engine.target] in result.error
    assert engine.api.accepted == []


REFUSALS = {
    "vertex": [
        (
            "Permission 'aiplatform.pipelineJobs.create' denied on resource '//aiplatform.googleapis.com/projects/x'",
            ["aiplatform.pipelineJobs.create", "--role=roles/aiplatform.user", "vertex.project=test-project"],
        ),
        (
            "You do not have permission to act as service_account: x@y.iam.gserviceaccount.com (or it may not exist).",
            ["iam.serviceAccounts.actAs", "roles/iam.serviceAccountUser", SERVICE_ACCOUNT],
        ),
        (
            "Vertex AI API has not been used in project 1 before or it is disabled.",
            ["gcloud services enable aiplatform.googleapis.com --project test-project"],
        ),
        ("Request had insufficient authentication scopes.", ["insufficient", "roles/aiplatform.user"]),
    ],
    "kubeflow": [
        (
            "User 'a@b.c' is not authorized with reason: Verb:create,Group:pipelines.kubeflow.org,Resource:runs",
            ["Verb:create", "Resource:runs", "kubeflow-edit", "kubeflow.namespace=forensics"],
        )
    ],
}


def test_a_missing_permission_is_named(submit, engine):
    for message, words in REFUSALS[engine.target]:
        engine.api.faults = [Fault(403, message)]
        result = submit()
        assert result.code == 2
        for word in words:
            assert word in result.error
    assert engine.api.accepted == []


def test_a_request_that_the_service_finds_wrong(submit, engine):
    engine.api.faults = [Fault(400, "the image is not there")]
    result = submit()
    assert result.code == 2
    assert "(400): the image is not there" in result.error
    assert "--dry-run" in result.error


def test_a_busy_service_is_asked_again(submit, engine):
    engine.api.faults = [Fault(429, "quota exceeded")]
    result = submit()
    assert result.code == 0
    assert len(result.lines) == 1
    assert len(engine.api.attempts) == 2
    assert len(engine.api.accepted) == 1


@pytest.mark.parametrize("after", [False, True], ids=["lost", "taken"])
@pytest.mark.parametrize("answer", [500, 503, SILENCE, HANG_UP])
def test_after_a_failure_the_same_command_is_safe(submit, engine, answer, after):
    engine.api.faults = [Fault(answer, after=after)]
    failed = submit(*engine.patience(answer))
    assert failed.code == 1
    assert "is not known; the same command again is safe" in failed.error
    assert len(engine.api.attempts) == 1

    again = submit()
    assert again.code == (2 if after else 0)
    assert len(engine.api.accepted) == 1


def test_a_service_that_says_nothing_at_all(submit, engine):
    engine.api.faults = [Fault(SILENCE)] * 9
    engine.api.faults_of_reads = [Fault(SILENCE)] * 9
    result = submit(f"{engine.target}.request_timeout_s=1")
    assert result.code == 1
    assert "gave no answer" in result.error
    assert "the same command again" in result.error
    assert engine.api.accepted == []


@pytest.fixture
def interruptible():
    """Enables Ctrl-C as in a terminal; a shell's background jobs, which a test run may be, ignore it."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


@pytest.mark.usefixtures("interruptible")
def test_interrupted_while_it_is_sent(submit, engine, monkeypatch):
    answer = engine.api.answer

    def interrupt(request: Request) -> Response | str:
        if not engine.api.submits(request):
            return answer(request)
        os.kill(os.getpid(), signal.SIGINT)
        return SILENCE

    with monkeypatch.context() as interrupted:
        interrupted.setattr(engine.api, "answer", interrupt)
        result = submit()
    assert result.code == 130
    (line,) = result.lines
    assert line.startswith("interrupted; whether it took deepfake-")
    assert "the same command again is safe" in line
    assert submit().code == 0


def test_an_id_that_is_none(submit, engine):
    for options, settings, key in [(("--job-id", "My Job"), (), "--job-id"), ((), ("name=1st",), "name")]:
        result = submit(*settings, options=options)
        assert result.code == 2
        assert result.error.startswith(f"deepfake: {key}: ")
    assert engine.api.requests == []


def test_dry_run_shows_what_is_sent_and_sends_nothing(deepfake, submit, engine, monkeypatch, tmp_path):
    with monkeypatch.context() as without:
        for name in ("GOOGLE_APPLICATION_CREDENTIALS", "KF_PIPELINES_SA_TOKEN_PATH"):
            without.delenv(name)
        result = submit(options=("--dry-run",))
    assert result.code == 0
    assert engine.api.requests == []
    shown = yaml.safe_load("\n".join(result.lines))

    assert submit().code == 0
    (sent,) = engine.api.attempts
    assert shown["method"] == "POST"
    assert shown["url"].split("?")[0] == f"https://{engine.address}{sent.path}"
    key = {"vertex": "pipelineSpec", "kubeflow": "pipeline_spec"}[engine.target]
    specification = shown["body"].pop(key)
    if engine.target == "vertex":
        assert shown["url"].endswith(f"?pipelineJobId={sent.query['pipelineJobId']}")
        assert shown["name"] == sent.query["pipelineJobId"]
    else:
        assert (shown["experiment"], shown["namespace"]) == ("deepfake", "forensics")
        assert shown["name"] == shown["body"]["display_name"]
        shown["body"]["experiment_id"] = sent.body["experiment_id"]
    assert shown["body"] == {field: value for field, value in sent.body.items() if field != key}
    assert specification["nodes"] == len(sent.body[key]["root"]["dag"]["tasks"])
    assert "--dry-run" not in result.output
