"""The `deepfake` command on data, caches and models on S3."""

import json

import pytest
from short_demo import EVEN_SPLITS, QUICK_TRAINING, SMALL_ENCODER

pytestmark = pytest.mark.engine

SETTINGS = (
    *(f"--set={setting}" for setting in (*EVEN_SPLITS, *QUICK_TRAINING, SMALL_ENCODER, "encoder.precision=float32")),
    *("--set=report.filmstrips=0", "--set=report.overlays=0", "--set=trainer.epochs=1"),
    *("--set=evaluator.bounds.auc.min=-1", "--set=evaluator.bounds.auc.worse_by=1"),
)


@pytest.fixture(scope="module")
def cache_dir(deepfake, s3, data_root) -> str:
    """A cache that `extract` has filled."""
    cache = f"{s3.uri}/cache"
    done = deepfake("extract", f"{data_root}/*.mp4", "--config", "demo", f"--cache-dir={cache}", "--json", *SETTINGS)
    assert done.returncode == 0, done.stdout
    assert len([key for key in s3.objects("cache/") if key.endswith(".features")]) == 12
    return cache


@pytest.fixture(scope="module")
def run(deepfake, s3, data_root, cache_dir) -> dict:
    """The summary of a training run that leaves its model on S3."""
    places = (f"--set=extraction.cache_dir={cache_dir}", f"--set=push_destination={s3.uri}/models")
    done = deepfake("run", "--config", "demo", "--name=on-s3", f"--data-root={data_root}", *places, *SETTINGS)
    assert done.returncode == 0, done.stdout
    assert "12 cached" in done.stdout
    summary = deepfake.folder / "runs" / "on-s3" / "summary.json"
    return json.loads(summary.read_text())


def test_data_set_is_checked(deepfake, data_root):
    done = deepfake("check", data_root, "--json", *SETTINGS[:3])
    report = json.loads(done.stdout)
    assert (report["ok"], report["videos"], report["probed"]) == (True, 12, 12)


def test_cache_is_listed_and_pruned(deepfake, s3, data_root, cache_dir):
    groups = json.loads(deepfake("cache", "stats", cache_dir, "--json").stdout)["groups"]
    assert [group["entries"] for group in groups] == [12]
    other = f"{s3.uri}/other-cache"
    for key in s3.objects("cache/"):
        s3.client.copy({"Bucket": "bucket", "Key": key}, "bucket", f"other-{key}")
    done = deepfake("cache", "prune", other, "--max-gb=0")
    assert (done.returncode, "features of 12 videos removed" in done.stdout) == (0, True), done.stdout
    assert [key for key in s3.objects("other-cache/") if key.endswith(".features")] == []


def test_pushed_model_is_whole_and_has_no_marks_of_folders(s3, run):
    assert run["model"].startswith(f"{s3.uri}/models/")
    version = run["model"].removeprefix(f"{s3.uri}/")
    names = {key.removeprefix(f"{version}/") for key in s3.objects(version)}
    assert names >= {"saved_model.pb", "variables/variables.index", "assets.extra/model.json"}
    assert [key for key in s3.objects() if key.endswith("/")] == []


def test_videos_are_scored_by_a_model_on_s3(deepfake, run, data_root, cache_dir):
    named = ("--model", run["model"], "--cache-dir", cache_dir)
    done = deepfake("score", f"{data_root}/*.mp4", *named, "--out=rows.csv")
    assert done.returncode == 0, done.stdout
    assert len((deepfake.folder / "rows.csv").read_text().splitlines()) == 13


def test_the_highest_version_scores_and_beam_passes_its_rows_on_s3(deepfake, s3, run, data_root, cache_dir):
    named = ("--model", f"{s3.uri}/models", "--cache-dir", cache_dir, f"--beam=--temp_location={s3.uri}/temporary")
    done = deepfake("score", data_root, *named)
    assert done.returncode == 0, done.stdout
    assert run["model"] in done.stdout
    assert s3.objects("temporary/") == []


def test_scoring_pipeline_reads_videos_and_model_from_s3(deepfake, run, data_root, cache_dir):
    places = (f"--set=model={run['model']}", f"--set=extraction.cache_dir={cache_dir}", "--set=drift.fail=false")
    done = deepfake("run", "--pipeline=scoring", "--name=scored", f"--data-root={data_root}", *places)
    assert done.returncode == 0, done.stdout
    lineage = deepfake("lineage", "runs/scored.scoring/scores/scores.jsonl")
    assert lineage.returncode == 0, lineage.stdout


def test_what_a_run_left_is_read_again(deepfake, run):
    for command in (("lineage", run["model"]), ("report", "runs/on-s3")):
        done = deepfake(*command)
        assert done.returncode == 0, done.stdout


WRONG_KEY = {"AWS_SECRET_ACCESS_KEY": "wrong"}


@pytest.mark.parametrize(
    ("command", "environment", "reason"),
    [
        *((command, WRONG_KEY, "SignatureDoesNotMatch") for command in ("check", "extract", "run", "score", "cache")),
        ("check", {"AWS_ACCESS_KEY_ID": "unknown"}, "No user exists with the provided access key"),
        ("check", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        ("run", {"AWS_ENDPOINT_URL": "http://localhost:9"}, "Could not connect to the endpoint"),
    ],
)
def test_store_that_refuses_is_one_line_before_any_work(deepfake, s3, local_data, command, environment, reason):
    done = deepfake(*arguments(command, s3.uri, str(local_data)), **environment)
    assert done.returncode == 2, done.stdout
    text = " ".join(done.stdout.split())
    assert reason in text
    assert "cannot be reached" in text
    assert text.endswith("check the bucket, AWS_ENDPOINT_URL and the access key")


@pytest.mark.parametrize("command", ["check", "extract"])
def test_bucket_that_is_not_there_is_one_line(deepfake, local_data, command):
    done = deepfake(*arguments(command, "s3://no-bucket", str(local_data)))
    assert (done.returncode, "(NoSuchBucket)" in done.stdout) == (2, True), done.stdout


def test_artifacts_of_a_local_run_cannot_be_on_s3(deepfake, s3, data_root):
    done = deepfake("run", "--config=demo", f"--data-root={data_root}", f"--set=pipeline_root={s3.uri}/root")
    assert done.returncode == 2
    assert "pipeline_root='s3://bucket/root': " in done.stdout


def arguments(command: str, root: str, local_data: str) -> list[str]:
    return {
        "check": ["check", f"{root}/data"],
        "extract": ["extract", local_data, "--config=demo", f"--cache-dir={root}/cache"],
        "run": ["run", "--config=demo", f"--data-root={local_data}", f"--set=push_destination={root}/models"],
        "score": ["score", local_data, f"--model={root}/models", "--cache-dir=none"],
        "cache": ["cache", "stats", f"{root}/cache"],
    }[command]
