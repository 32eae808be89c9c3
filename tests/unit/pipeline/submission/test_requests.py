"""What is sent for a config, and under which name."""

import json

import pytest
import yaml

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.submission.kubeflow import prepare_for_kubeflow, six_fields
from pipeline.submission.request import Submission, describe
from pipeline.submission.vertex import prepare_for_vertex

SPECIFICATION = {
    "root": {
        "dag": {"tasks": {"Trainer": {}, "Pusher": {}}},
        "inputDefinitions": {"parameters": {"epochs": {"parameterType": "NUMBER_INTEGER", "defaultValue": 40}}},
    }
}
JOB = {
    "displayName": "deepfake",
    "labels": {"team": "forensics"},
    "pipelineSpec": SPECIFICATION,
    "runtimeConfig": {"gcsOutputDirectory": "gs://bucket/root", "parameterValues": {"epochs": 40.0}},
}


def prepare(target: str, *settings: str, job_id: str = "", text: str = "") -> Submission:
    config = load_config(target, settings)
    if target == "vertex":
        return prepare_for_vertex(config, text or json.dumps(JOB), job_id)
    return prepare_for_kubeflow(config, text or yaml.safe_dump(SPECIFICATION), job_id)


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_the_same_pipeline_has_the_same_name_wherever_it_runs(target):
    name = prepare(target).name
    assert name == prepare(target).name
    address = {"vertex": "vertex.endpoint=127.0.0.1:1", "kubeflow": "kubeflow.host=http://127.0.0.1:1"}[target]
    assert name == prepare(target, address, f"{target}.request_timeout_s=1").name
    # Regardless of how its text is formatted.
    text = json.dumps(JOB if target == "vertex" else SPECIFICATION, indent=4)
    assert name == prepare(target, text=text).name


@pytest.mark.parametrize(
    ("target", "setting"),
    [
        ("vertex", "name=another"),
        ("vertex", "vertex.service_account=a@b.iam.gserviceaccount.com"),
        ("vertex", "vertex.network=projects/1/global/networks/inner"),
        ("vertex", "vertex.encryption_key=projects/p/locations/l/keyRings/r/cryptoKeys/k"),
        ("kubeflow", "name=another"),
        ("kubeflow", "kubeflow.service_account=another"),
        ("kubeflow", "kubeflow.labels={team: another}"),
        ("kubeflow", "pipeline_root=gs://another/root"),
    ],
)
def test_another_setting_makes_another_name(target, setting):
    assert prepare(target).name != prepare(target, setting).name


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {"team": "another"}},
        {"pipelineSpec": {**SPECIFICATION, "schemaVersion": "2.1.0"}},
        {"runtimeConfig": {**JOB["runtimeConfig"], "parameterValues": {"epochs": 41.0}}},
    ],
)
def test_another_job_makes_another_name(change):
    assert prepare("vertex").name != prepare("vertex", text=json.dumps({**JOB, **change})).name


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
@pytest.mark.parametrize("settings", [(), ("schedule=0 3 * * *",)], ids=["run", "schedule"])
def test_a_given_name_stands_for_the_made_one(target, settings):
    settings = [f"{target}.{setting}" for setting in settings]
    assert prepare(target, *settings, job_id="again-2").name == "again-2"
    for wrong in ("Again", "2nd", "a b", 'a"b', "a" * 129):
        with pytest.raises(UserError, match="--job-id"):
            prepare(target, *settings, job_id=wrong)


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_a_schedule_has_the_pipelines_name(target):
    schedule = f"{target}.schedule=0 3 * * *"
    assert prepare(target, schedule).name == prepare(target, schedule, "trainer.epochs=3").name == "deepfake"


def test_cron_of_kubeflow_has_seconds():
    assert six_fields("30 2 * * 1-5") == "0 30 2 * * 1-5"


def test_region_is_checked():
    with pytest.raises(UserError, match=r"vertex\.region=europe-west77: Vertex AI has no such region"):
        prepare("vertex", "vertex.region=europe-west77")


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
@pytest.mark.parametrize("settings", [(), ("schedule=0 3 * * *",)], ids=["run", "schedule"])
def test_description_leaves_the_specification_out_but_for_its_size(target, settings):
    submission = prepare(target, *(f"{target}.{setting}" for setting in settings))
    before = json.dumps(submission.body)
    shown = yaml.safe_load(describe(submission, "compiled"))
    assert json.dumps(submission.body) == before
    assert shown["url"] == submission.url
    specification = shown["body"]
    for key in submission.path_of_specification:
        specification = specification[key]
    assert specification == {
        "nodes": 2,
        "bytes": 8,
        "sha256": "64ebd267717810f9524a58c6d7715bd9502b3c9235b291a7104389b372aeec4b",
        "from": "deepfake compile",
    }
