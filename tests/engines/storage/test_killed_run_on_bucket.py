"""A run that is killed repeatedly while its extraction works on a bucket."""

import collections
import gzip
import json
import os
import pathlib
import re
import signal
from collections.abc import Callable

import pytest
import tensorflow as tf
from google.cloud.storage import Blob, Bucket
from waiting import wait_until

from components import features

pytestmark = pytest.mark.engine

# What the readers' globs match; Beam's temporary files are one folder deeper.
WHOLE_NAME = re.compile(r"killed/FrameFeatureGen/(test_)?examples/(?P<execution>\d+)/Split-\w+/data_tfrecord-[^/]*\.gz")


# Shows of a bucket what a killed run shows of a folder, and training_on_bucket of a run that is not.
@pytest.mark.long
def test_killed_run_leaves_no_half_file_and_is_resumed(start, run_arguments, storage, bucket_data, tmp_path):
    places = (f"pipeline_root={storage.uri}/killed", f"push_destination={storage.uri}/killed-model")
    arguments = run_arguments("killed", tmp_path, bucket_data, *places, "extraction.workers=2")
    before = len(storage.requests)

    def logged(words: str) -> list[str]:
        return re.findall(words, (tmp_path / "killed" / "run.log").read_text(errors="replace"))

    def some_videos_are_extracted() -> bool:
        reads = collections.Counter(request.object for request in storage.requests[before:] if request.media)
        return sum(uri.endswith(".mp4") and count > 1 for uri, count in reads.items()) >= 3

    def some_features_are_in_place() -> bool:
        return bool(feature_files(storage.bucket))

    def extraction_is_finished() -> bool:
        return bool(logged("Component FrameFeatureGen is finished"))

    def run_and_kill_at(moment: Callable[[], bool]) -> None:
        run = start("deepfake", *arguments)
        wait_until(moment, alive=lambda: run.poll() is None, seconds=600, what=moment.__name__)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        assert run.returncode == -signal.SIGKILL

    for moment in (some_videos_are_extracted, some_features_are_in_place):
        run_and_kill_at(moment)
        assert logged(r"Component (\w+) is running")[-1] == "FrameFeatureGen"
        for name in feature_files(storage.bucket):
            assert video_ids(storage.bucket.blob(name), tmp_path)

    # The rest of the run takes minutes and is tested elsewhere.
    run_and_kill_at(extraction_is_finished)
    names = feature_files(storage.bucket)
    last = max(int(WHOLE_NAME.fullmatch(name)["execution"]) for name in names)
    found = [
        video_id
        for name in names
        if int(WHOLE_NAME.fullmatch(name)["execution"]) == last
        for video_id in video_ids(storage.bucket.blob(name), tmp_path)
    ]
    metadata = json.loads(storage.bucket.blob("data/metadata.json").download_as_bytes())
    assert sorted(found) == sorted(metadata)


def feature_files(bucket: Bucket) -> list[str]:
    blobs = bucket.list_blobs(prefix="killed/FrameFeatureGen/")
    return [blob.name for blob in blobs if WHOLE_NAME.fullmatch(blob.name)]


def video_ids(file: Blob, folder: pathlib.Path) -> list[str]:
    """Reads a file to its end; a truncated one raises."""
    path = folder / "features.tfrecord"
    path.write_bytes(gzip.decompress(file.download_as_bytes()))
    parsed = [tf.train.Example.FromString(record.numpy()) for record in tf.data.TFRecordDataset(str(path))]
    return [example.features.feature[features.VIDEO_ID].bytes_list.value[0].decode() for example in parsed]
