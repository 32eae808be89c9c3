"""The compiled scoring pipeline: its contents, what is refused, and that each task runs by its own command."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import yaml
from brightness_model import DESCRIPTION, write_brightness_model
from compiled_demo import BUCKET, compile_scoring, specification
from containers import run_in_process
from filled_in import ROOTS, SECTIONS
from stand_in_engine import Engine, walk

from components.drift_validator.finding import read_drift
from components.errors import UserError
from components.submission_gen.score_files import read_outcome, read_rows
from pipeline.demo_data.encoding import write_clip

pytestmark = pytest.mark.e2e

TARGETS = ["vertex", "kubeflow"]
NODES = {"VideoExampleGen", "StatisticsGen", "FrameFeatureGen", "BulkInferrer", "SubmissionGen", "DriftValidator"}
BRIGHTNESS = (30, 120, 220)
SHORT = 220


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {target: compile_scoring(target) for target in TARGETS}


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("scored")
    for brightness in BRIGHTNESS:
        frames = (np.full((64, 64, 3), brightness, np.uint8) for _ in range(1 if brightness == SHORT else 8))
        write_clip(folder / f"{brightness}.mp4", frames, fps=10, bit_rate=100_000)
    (folder / "broken.mp4").write_bytes(b"no video")
    return folder


@pytest.mark.parametrize("target", TARGETS)
def test_model_is_imported_and_the_rest_are_containers_with_parameters(texts, target):
    compiled = specification(target, texts[target], pathlib.Path("bucket"))
    executors = compiled["deploymentSpec"]["executors"]
    assert [name for name, each in executors.items() if "container" not in each] == ["PushedModel_executor"]
    assert {name.removesuffix("_executor") for name in executors} - {"PushedModel"} == NODES
    parameters = compiled["root"]["inputDefinitions"]["parameters"]
    assert {name: parameter["defaultValue"] for name, parameter in parameters.items()} == {
        "data_root": "bucket/videos",
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


@pytest.mark.parametrize("target", TARGETS)
def test_each_task_runs_by_its_own_command_up_to_scores_and_drift(texts, target, videos, tmp_path):
    model = write_brightness_model(tmp_path / "model" / "1795571968")
    engine = Engine(
        root=tmp_path / "engine",
        run_command=lambda command: run_in_process(command, tmp_path / "logs"),
        drives_example_gen=target == "vertex",
    )
    text = compile_scoring(target, "extraction.workers=1", "drift.min_videos=2")
    run = walk(
        engine,
        specification(target, text, tmp_path / "bucket"),
        {"data_root": str(videos), "model_uri": str(model)},
    )
    assert {name for name, result in run.items() if result.executed} == NODES
    rows = {row.uri: row for row in read_rows(str(run["SubmissionGen"].uri("scores")))}
    assert set(rows) == {str(videos / f"{name}.mp4") for name in (*BRIGHTNESS, "broken")}
    for brightness in BRIGHTNESS:
        row = rows[str(videos / f"{brightness}.mp4")]
        assert row.probability == pytest.approx(brightness / 255, abs=0.02)
        assert row.caution == (["few_frames"] if brightness == SHORT else [])
    assert rows[str(videos / "broken.mp4")].verdict == "UNSCORED"
    assert read_outcome(str(run["SubmissionGen"].uri("scores")))["cautions"] == {"few_frames": 1}
    (scores,) = run["SubmissionGen"].outputs["scores"]
    assert scores["metadata"]["model"] == str(model)
    assert scores["metadata"]["model_digest"] == DESCRIPTION["model_digest"]
    drift = read_drift(str(run["DriftValidator"].uri("drift")))
    assert [each.scored_videos for each in drift.features] == [len(BRIGHTNESS)]
