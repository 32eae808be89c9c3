"""The training DAG with its data, artifacts and pushed model in a bucket."""

import collections
import dataclasses
import json
import os
import pathlib
import re
from typing import Any

import pytest
from front_door import Request, content_sent

from components.json_files import read_json
from components.served_model.description import DESCRIPTION_FILE
from pipeline.runs.store import connect, latest_execution

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def local_run(finish, run_arguments, local_data, tmp_path_factory) -> pathlib.Path:
    """The folder of a run on local paths."""
    runs_dir = tmp_path_factory.mktemp("local")
    finish("deepfake", *run_arguments("whole", runs_dir, str(local_data)))
    return runs_dir / "whole"


@dataclasses.dataclass(frozen=True)
class BucketRun:
    """A run with everything but its folder in the bucket, and its requests to the storage."""

    folder: pathlib.Path
    requests: list[Request]


@pytest.fixture(scope="module")
def bucket_run(finish, run_arguments, storage, bucket_data, tmp_path_factory) -> BucketRun:
    runs_dir = tmp_path_factory.mktemp("bucket")
    before = len(storage.requests)
    places = (f"pipeline_root={storage.uri}/artifacts", f"push_destination={storage.uri}/model")
    finish("deepfake", *run_arguments("whole", runs_dir, bucket_data, *places))
    return BucketRun(runs_dir / "whole", storage.requests[before:])


def test_data_set_in_a_bucket_is_checked(finish, bucket_data, local_data):
    settings = (f"--set=split.{split}=1" for split in ("train", "eval", "test"))
    report = json.loads(finish("deepfake", "check", bucket_data, "--json", *settings))
    assert report["ok"]
    assert report["probed"] == report["videos"] == 12
    assert report["total_bytes"] == sum(path.stat().st_size for path in local_data.glob("*.mp4"))


def test_only_the_books_of_the_run_are_kept_locally(bucket_run):
    assert set(os.listdir(bucket_run.folder)) == {"metadata.sqlite", "report", "run.log", "summary.json"}


def test_summary_tells_where_in_the_bucket_things_are(bucket_run, storage):
    told = summary(bucket_run.folder)
    assert told["verdict"] == "blessed"
    assert told["pushed"]
    assert told["model"].startswith(f"{storage.uri}/model/")
    assert told["quarantine"].startswith(f"{storage.uri}/artifacts/FrameFeatureGen/quarantine/")
    assert told["quarantined"] == 0


def test_pushed_model_opens_from_the_bucket(bucket_run, storage, finish):
    model = summary(bucket_run.folder)["model"]
    names = {blob.name for blob in storage.bucket.list_blobs(prefix=model.removeprefix(f"{storage.uri}/"))}
    assert {os.path.basename(name) for name in names} >= {"saved_model.pb", "model.json", "variables.index"}
    script = "import sys, tensorflow as tf; print(*sorted(tf.saved_model.load(sys.argv[1]).signatures))"
    signatures = finish("python", "-c", script, model).split()
    assert signatures == ["encode", "serve_features", "serve_frames", "serving_default", "transform_features"]


def test_no_mark_of_a_folder_is_left_in_the_bucket_by_a_node_of_ours(bucket_run, storage):
    """Kubeflow's launcher would download it as a file, in the folder's place."""
    marks = [blob.name for blob in storage.bucket.list_blobs() if blob.name.endswith("/")]
    assert [name for name in marks if name.startswith("model/")] == []
    # TFX's launcher and some of its nodes make the folders of artifacts and of their splits.
    nodes = "FrameEncoder|Trainer|ServingValidator|Pusher|ReportGen|VideoSchema|FrameFeatureSchema"
    ours = re.compile(rf"artifacts/({nodes})/\w+/\d+/.+")
    assert list(filter(ours.fullmatch, marks)) == []
    assert [name for name in marks if re.match(r"artifacts/(feature_cache|training_state)/", name)] == []


@pytest.mark.long
def test_model_and_metrics_are_those_of_the_same_run_on_local_paths(bucket_run, local_run, storage):
    """To the last digit, although several workers finish the videos in a different order each time."""
    there, here = summary(bucket_run.folder), summary(local_run)
    assert there["evaluation"] == here["evaluation"]
    name = f"{there['model']}/{DESCRIPTION_FILE}".removeprefix(f"{storage.uri}/")
    descriptions = (
        json.loads(storage.bucket.blob(name).download_as_bytes()),
        read_json(os.path.join(here["model"], DESCRIPTION_FILE)),
    )
    for description in descriptions:
        # The fingerprint of the data set includes file times, which differ.
        del description["data_fingerprint"], description["model_digest"]
    assert descriptions[0] == descriptions[1]


def test_each_video_is_read_once_by_the_extraction_and_twice_in_all(bucket_run, bucket_data, local_data):
    sizes = {f"{bucket_data}/{path.name}": path.stat().st_size for path in local_data.glob("*.mp4")}
    begin, end = times_of("FrameFeatureGen", bucket_run.folder)
    extraction = content_sent(request for request in bucket_run.requests if begin <= request.time <= end)
    whole_run = content_sent(bucket_run.requests)
    assert {uri: extraction[uri] for uri in sizes} == sizes
    assert {uri: whole_run[uri] for uri in sizes} == {uri: 2 * size for uri, size in sizes.items()}


def test_size_and_time_of_each_video_are_asked_for_thrice(bucket_run, bucket_data, local_data):
    videos = {f"{bucket_data}/{path.name}" for path in local_data.glob("*.mp4")}
    asked = collections.Counter(request.object for request in bucket_run.requests if not request.media)
    # For the fingerprint, and before each of the two reads, unless TensorFlow has cached the answer.
    assert all(1 <= asked[uri] <= 3 for uri in videos)


def summary(run_dir: pathlib.Path) -> dict[str, Any]:
    return json.loads((run_dir / "summary.json").read_text())


def times_of(node: str, run_dir: pathlib.Path) -> tuple[float, float]:
    """When a node's execution was registered and published, in seconds since the epoch."""
    store = connect(str(run_dir / "metadata.sqlite"))
    (execution,) = store.get_executions_by_id([latest_execution(store, run_dir.name, node).id])
    return execution.create_time_since_epoch / 1000, execution.last_update_time_since_epoch / 1000
