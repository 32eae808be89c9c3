"""Compiling for each engine: what is compiled from which keys, and what is refused."""

import json
import pathlib
import subprocess
import sys

import pytest
import yaml
from compiled_demo import BUCKET, compile_demo
from filled_in import filled_in

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.runners import compile_for

pytestmark = pytest.mark.e2e

ROOT = pathlib.Path(__file__).parents[3]


def task(text: str, name: str) -> dict:
    return yaml.safe_load(text)["root"]["dag"]["tasks"][name]


def container(text: str, name: str) -> dict:
    return yaml.safe_load(text)["deploymentSpec"]["executors"][f"{name}_executor"]["container"]


def test_vertex_gets_a_pipeline_job_and_kubeflow_a_specification(compiled):
    job = json.loads(compiled["vertex"])
    assert job["runtimeConfig"]["gcsOutputDirectory"] == f"{BUCKET}/artifacts"
    assert job["pipelineSpec"]["schemaVersion"] == "2.1.0"
    specification = yaml.safe_load(compiled["kubeflow"])
    assert specification["schemaVersion"] == "2.1.0"
    assert specification["pipelineInfo"] == job["pipelineSpec"]["pipelineInfo"] == {"name": "demo"}


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_nothing_in_it_is_of_this_machine(compiled, target):
    for place in (str(ROOT), sys.prefix, str(pathlib.Path.home()), "/tmp"):
        assert f"{place}/" not in compiled[target]


@pytest.mark.parametrize(("target", "settings"), [("vertex", []), ("kubeflow", ["evaluator.baseline=none"])])
def test_same_config_gives_the_same_bytes(compiled, target, settings):
    assert compile_demo(target, *settings) == compiled[target]


def test_vertex_resolves_the_baseline_and_kubeflow_has_none(compiled):
    executors = json.loads(compiled["vertex"])["pipelineSpec"]["deploymentSpec"]["executors"]
    assert sum("resolver" in executor for executor in executors.values()) == 2
    executors = yaml.safe_load(compiled["kubeflow"])["deploymentSpec"]["executors"]
    assert all("container" in executor for executor in executors.values())


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_baseline_by_uri_is_imported(target):
    text = compile_demo(target, f"evaluator.baseline={BUCKET}/model/1")
    specification = json.loads(text)["pipelineSpec"] if target == "vertex" else yaml.safe_load(text)
    executors = specification["deploymentSpec"]["executors"]
    assert [name for name, executor in executors.items() if "container" not in executor] == ["BaselineModel_executor"]
    parameters = specification["root"]["inputDefinitions"]["parameters"]
    assert parameters["baseline_uri"]["defaultValue"] == f"{BUCKET}/model/1"


def test_what_people_change_from_run_to_run_are_parameters(compiled):
    job = json.loads(compiled["vertex"])
    assert job["runtimeConfig"]["parameterValues"] == {
        "bounds": '{"auc": {"min": 0.7, "worse_by": 0.02}}',
        "data_root": f"{BUCKET}/data",
        "epochs": 60,
        "extraction_attempt": "",
        "slice_bounds": '{"meta/family": {"auc": {"min": 0.6}}}',
    }
    parameters = yaml.safe_load(compiled["kubeflow"])["root"]["inputDefinitions"]["parameters"]
    assert {name: parameter["defaultValue"] for name, parameter in parameters.items()} == job["runtimeConfig"][
        "parameterValues"
    ]


def test_an_engine_is_told_to_try_videos_again():
    text = compile_demo("kubeflow", "evaluator.baseline=none", "extraction.attempt=2")
    given = task(text, "FrameFeatureGen")["inputs"]["parameters"]["attempt"]
    assert given == {"componentInputParameter": "extraction_attempt"}
    parameters = yaml.safe_load(text)["root"]["inputDefinitions"]["parameters"]
    assert parameters["extraction_attempt"]["defaultValue"] == "2"


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_a_cross_validation_goes_to_the_evaluator(target):
    given = ("evaluator.cross_validation=5", "evaluator.bounds_on=cross_validation")
    text = compile_demo(target, "evaluator.baseline=none", *given)
    specification = json.loads(text)["pipelineSpec"] if target == "vertex" else yaml.safe_load(text)
    tasks = specification["root"]["dag"]["tasks"]
    producer = tasks["Evaluator"]["inputs"]["artifacts"]["out_of_fold"]["taskOutputArtifact"]
    assert producer == {"producerTask": "CrossValidator", "outputArtifactKey": "out_of_fold"}
    assert set(tasks["CrossValidator"]["inputs"]["artifacts"]) == {"examples", "model", "test_examples"}


def test_execution_follows_the_config():
    text = compile_demo(
        "kubeflow",
        "evaluator.baseline=none",
        "kubeflow.resources.default.cpu=2",
        "kubeflow.resources.Trainer={cpu: 8, memory_gb: 30, accelerator: nvidia.com/gpu, accelerator_count: 2}",
        "kubeflow.retries=3",
        "kubeflow.retry_delay_s=5",
        "kubeflow.cache=false",
    )
    assert container(text, "Trainer")["resources"] == {
        "cpuLimit": 8,
        "memoryLimit": 30,
        "accelerator": {"type": "nvidia.com/gpu", "count": "2"},
    }
    assert container(text, "Pusher")["resources"] == {"cpuLimit": 2}
    assert container(text, "Pusher")["image"] == "registry.forensics-lab.net/deepfake/pipeline:1"
    assert task(text, "Trainer")["retryPolicy"] == {
        "maxRetryCount": 3,
        "backoffDuration": "5s",
        "backoffFactor": 2,
    }
    assert task(text, "Trainer")["cachingOptions"] == {"enableCache": False}


def test_kubeflow_caches_the_videos_only_by_a_fingerprint(compiled):
    assert task(compiled["kubeflow"], "VideoExampleGen")["cachingOptions"] == {"enableCache": False}
    assert task(compiled["kubeflow"], "Trainer")["cachingOptions"] == {"enableCache": True}
    text = compile_demo("kubeflow", "evaluator.baseline=none", "data.fingerprint=2026-11")
    assert task(text, "VideoExampleGen")["cachingOptions"] == {"enableCache": True}


@pytest.mark.parametrize(
    ("target", "setting", "words"),
    [
        ("vertex", "data.root=videos", ["data.root='videos'", "gs://"]),
        ("vertex", "pipeline_root=s3://bucket/root", ["pipeline_root", "'s3://bucket/root'", "gs://"]),
        ("kubeflow", "push_destination=/models", ["push_destination='/models'", "gs://"]),
        ("vertex", "encoder.weights=inception.h5", ["encoder.weights='inception.h5'", "imagenet", "gs://"]),
        ("vertex", "evaluator.baseline=model/1", ["evaluator.baseline='model/1'", "latest, none or gs://"]),
        ("vertex", "extraction.cache_dir=/cache", ["extraction.cache_dir='/cache'", "none or gs://"]),
        ("kubeflow", "evaluator.baseline=latest", ["evaluator.baseline='latest'", "none", "gs://"]),
        ("vertex", "vertex.resources.Training.cpu=4", ["vertex.resources.Training", "Trainer", "default"]),
        ("vertex", "vertex=null", ["vertex", "configs/vertex.yaml"]),
        ("kubeflow", "beam_args=[--runner=FlinkRunner]", ["beam_args", "FlinkRunner", "deepfake extract"]),
        ("kubeflow", "beam_args=[--runner, SparkRunner]", ["beam_args", "SparkRunner"]),
        ("kubeflow", f"beam_args=[--x={'x' * 131_072}]", [": its settings take ", "131,072", "beam_args"]),
        ("vertex", "data.root=gs://my-bucket/dfdc", ["data.root: not filled in yet (my-bucket)", "--set data.root="]),
    ],
)
def test_what_an_engine_cannot_run_is_one_line(target, setting, words):
    with pytest.raises(UserError) as raised:
        compile_for(target, load_config(target, [*filled_in(target), setting]))
    message = str(raised.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_command_needs_neither_network_nor_credentials(tmp_path):
    isolated = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*isolated, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody take a process off the network")
    settings = (part for setting in filled_in("vertex") for part in ("--set", setting))
    command = [str(pathlib.Path(sys.executable).parent / "deepfake"), "compile", "--target", "vertex", *settings]
    out = tmp_path / "new" / "vertex.json"
    ended = subprocess.run(
        [*isolated, *command, "--out", str(out)],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == f"vertex pipeline in {out}\n"
    assert json.loads(out.read_text())["pipelineSpec"]["pipelineInfo"]["name"] == "deepfake"


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_options_of_beam_are_in_the_nodes_that_run_it_and_once(target):
    settings = ["evaluator.baseline=none", "beam_args=[--s3_secret_access_key=hunter2, --s3_session_token=$(TOKEN)]"]
    text = compile_demo(target, *settings)
    specification = json.loads(text)["pipelineSpec"] if target == "vertex" else yaml.safe_load(text)
    executors = specification["deploymentSpec"]["executors"]
    counts = {name: json.dumps(executor).count("hunter2") for name, executor in executors.items()}
    run_beam = ("Evaluator", "FrameFeatureGen", "StatisticsGen", "Transform", "VideoExampleGen")
    assert {name: count for name, count in counts.items() if count} == {f"{node}_executor": 1 for node in run_beam}
    assert text.count("hunter2") == len(run_beam)
    # References to environment variables are resolved where the node runs.
    module = {"vertex": "container", "kubeflow": "kubeflow_container"}[target]
    assert executors["Transform_executor"]["container"]["command"] == ["python", "-m", f"pipeline.runners.{module}"]
    assert "--s3_session_token=$(TOKEN)" in executors["Transform_executor"]["container"]["args"]
