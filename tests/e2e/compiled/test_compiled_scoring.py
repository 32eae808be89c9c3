"""The compiled scoring pipeline: its contents, and what is refused."""

import pathlib
import subprocess
import sys

import pytest
import yaml
from compiled_demo import BUCKET, compile_scoring, specification
from filled_in import ROOTS, SECTIONS

from components.errors import UserError

pytestmark = pytest.mark.e2e

TARGETS = ["vertex", "kubeflow"]
NODES = {"VideoExampleGen", "StatisticsGen", "FrameFeatureGen", "BulkInferrer", "SubmissionGen", "DriftValidator"}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {target: compile_scoring(target) for target in TARGETS}


@pytest.mark.parametrize("target", TARGETS)
def test_model_is_imported_and_the_rest_are_containers_with_parameters(texts, target):
    compiled = specification(target, texts[target], pathlib.Path("bucket"))
    executors = compiled["deploymentSpec"]["executors"]
    assert [name for name, each in executors.items() if "container" not in each] == ["PushedModel_executor"]
    assert {name.removesuffix("_executor") for name in executors} - {"PushedModel"} == NODES
    parameters = compiled["root"]["inputDefinitions"]["parameters"]
    assert {name: parameter["defaultValue"] for name, parameter in parameters.items()} == {
        "data_root": "bucket/videos",
        "extraction_attempt": "",
        "model_uri": "bucket/model/1795571968",
    }
    assert compile_scoring(target) == texts[target]


def test_kubeflow_looks_at_the_videos_in_each_run(texts):
    task = yaml.safe_load(texts["kubeflow"])["root"]["dag"]["tasks"]["VideoExampleGen"]
    assert task["cachingOptions"] == {"enableCache": False}


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_in_it_is_of_this_machine(texts, target):
    for place in (str(pathlib.Path(__file__).parents[3]), sys.prefix, str(pathlib.Path.home()), "/tmp"):
        assert f"{place}/" not in texts[target]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("data.root=videos", ["data.root='videos'", "gs://"]),
        ("model=latest", ["model='latest'", "version folder of a pushed model"]),
        ("submission.like=sample.csv", ["submission.like='sample.csv'", "gs://"]),
        ("extraction.cache_dir=/cache", ["extraction.cache_dir='/cache'", "none or gs://"]),
    ],
)
def test_what_an_engine_cannot_reach_is_one_line(target, setting, words):
    with pytest.raises(UserError) as told:
        compile_scoring(target, setting)
    assert "\n" not in str(told.value)
    for word in words:
        assert word in str(told.value)


@pytest.mark.parametrize("target", TARGETS)
def test_commands_compile_and_schedule_it(tmp_path, target):
    out = tmp_path / "scoring.json"
    given = ["--pipeline", "scoring", "--target", target]
    for setting in (*ROOTS, f"model={BUCKET}/model/1", *SECTIONS[target]):
        given += ["--set", setting]
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
    subprocess.run([*command, "compile", *given, "--out", str(out)], cwd=tmp_path, capture_output=True, check=True)
    assert "SubmissionGen" in out.read_text()
    schedule = ["submit", *given, "--set", f"{target}.schedule=0 3 * * *", "--dry-run"]
    told = subprocess.run([*command, *schedule], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert yaml.safe_load(told)["name"] == "scoring"
    assert "0 3 * * *" in told
