"""Which places may be on S3, by where a pipeline runs."""

import sys

import pytest
from filled_in import filled_in

from components import storage
from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.runners.portability import require_portable

PLACES = ("data.root", "push_destination", "extraction.cache_dir", "evaluator.baseline", "pipeline_root")


@pytest.mark.parametrize("scheme", ["s3", "minio"])
def test_kubeflow_takes_all_of_them(scheme):
    places = [f"{key}={scheme}://bucket/place" for key in PLACES]
    require_portable(load_config("kubeflow", [*filled_in("kubeflow"), *places]), "kubeflow")


@pytest.mark.parametrize("key", PLACES)
def test_vertex_takes_none(key):
    with pytest.raises(UserError, match=f"{key}='s3://bucket/place': vertex cannot reach it"):
        require_portable(load_config("vertex", [f"{key}=s3://bucket/place"]), "vertex")


def test_local_run_takes_all_but_the_root_of_its_artifacts():
    config = load_config("demo", [f"{key}=s3://bucket/place" for key in PLACES[:-1]])
    config.require_usable_root()
    with pytest.raises(UserError, match=r"pipeline_root='s3://bucket/place': .*; leave pipeline_root empty"):
        load_config("demo", ["pipeline_root=s3://bucket/place"]).require_usable_root()


def test_client_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(UserError, match=r"boto3 is not installed; type pip install 'deepfake-video-pipeline\[s3\]'"):
        storage.exists("s3://bucket/place")
