"""Brackets, stars and question marks in a folder's name are not treated as a glob."""

import contextlib
import io
import json
import os
import pathlib
import tempfile

import apache_beam as beam
import numpy as np
import pytest
from earlier_version import earlier_version
from glob_like_names import glob_like_names
from hypothesis import given, settings
from rich.console import Console

from components.dataset.entries import name_fault
from components.dataset.folder import metadata_files, read_video_folder
from components.dataset.sources import read_dataset
from components.errors import UserError
from components.frame_feature_gen.cache_upkeep import list_fingerprints, prune_cache, read_cache
from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache
from components.pusher.versions import find_version
from components.recorded_files import record_files
from pipeline.cli.data.check import check_dataset
from pipeline.config.load import load_config
from pipeline.inputs.paths import find_videos
from pipeline.inputs.training import data_fingerprint
from pipeline.runners.beam.args import node_beam_args
from pipeline.runners.beam.local_files import match_folder_names_literally
from pipeline.runners.portability import require_portable
from pipeline.runs.pushed_models import find_model

LISTED = {"[1]*?.mp4": {"label": "FAKE", "original": "b.mp4"}, "b.mp4": {"label": "REAL"}}


@contextlib.contextmanager
def hostile_folder(name: str):
    with tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(home) / name
        folder.mkdir()
        yield folder


def write_videos(folder: pathlib.Path) -> None:
    folder.mkdir(exist_ok=True)
    for video in LISTED:
        (folder / video).write_bytes(b"no video")
    (folder / "metadata.json").write_text(json.dumps(LISTED))


@settings(deadline=None, max_examples=40)
@given(glob_like_names, glob_like_names.filter(lambda part: name_fault(part) is None))
def test_data_set_is_read_whole_and_its_fingerprint_tells_of_each_change(name, part):
    with hostile_folder(name) as root:
        home = root / part
        write_videos(home)
        dataset = read_dataset(str(root))
        assert [entry.uri for entry in dataset.entries] == [f"{part}/{video}" for video in sorted(LISTED)]
        assert not len(dataset.missing)
        assert metadata_files(str(root)) == [str(home / "metadata.json")]
        assert {entry.label for entry in read_video_folder(str(root)).entries} == {"FAKE", "REAL"}
        assert find_videos([str(root), str(home / "[1]*?.mp4")]) == [str(home / video) for video in sorted(LISTED)]
        seen = {data_fingerprint(dataset)}
        assert data_fingerprint(read_dataset(str(root))) in seen
        for changed in ("[1]*?.mp4", "metadata.json"):
            path = home / changed
            path.write_bytes(path.read_bytes() + b" ")
            seen.add(data_fingerprint(read_dataset(str(root))))
        assert len(seen) == 3


@pytest.mark.e2e
@settings(deadline=None, max_examples=20)
@given(glob_like_names)
def test_check_finds_the_data_set(name):
    with hostile_folder(name) as root:
        write_videos(root)
        text = io.StringIO()
        check_dataset(str(root), load_config("dfdc"), Console(file=text), as_json=True)
        found = json.loads(text.getvalue())
        assert (found["videos"], found["missing"]) == (2, [])


@settings(deadline=None, max_examples=40)
@given(glob_like_names)
def test_models_and_features_are_found(name):
    with hostile_folder(name) as folder:
        version = earlier_version(folder / "run" / "model", "7", model_digest="aa")
        assert find_model(str(folder)) == str(version)
        assert find_version(str(version.parent), "aa", record_files(str(version))) == (str(version), {})
        cache = FeatureCache(str(folder), {"sampling": "uniform"})
        cache.write("ab" * 32, CachedFeatures(np.ones((1, 4), np.float32), np.zeros(1, np.float32), "", 1, False))
        (fingerprint,) = list_fingerprints(str(folder))
        assert [len(group.entries) for group in read_cache(str(folder))] == [1]
        assert len(prune_cache(str(folder), fingerprint=fingerprint)) == 1
        assert [len(group.entries) for group in read_cache(str(folder), fingerprint)] == [0]


@pytest.mark.parametrize("name", ["a[1] {b}*?", "[!a]\\"])
def test_beam_finds_what_it_wrote(name, tmp_path, monkeypatch):
    match_folder_names_literally()
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    for folder in ("relative", str(tmp_path / name / name)):
        prefix = os.path.join(folder, "records")
        with beam.Pipeline(argv=node_beam_args(())) as pipeline:
            _ = pipeline | beam.Create([b"a", b"b"]) | beam.io.WriteToTFRecord(prefix, file_name_suffix=".gz")
        # Beam has removed its temporary folder.
        assert os.listdir(folder) == ["records-00000-of-00001.gz"]
        with beam.Pipeline(argv=node_beam_args(())) as pipeline:
            read = pipeline | beam.io.ReadFromTFRecord(os.path.join(folder, "*"))
            _ = (
                read
                | beam.Map(bytes.decode)
                | beam.io.WriteToText(os.path.join(folder, "lines"), num_shards=1, shard_name_template="")
            )
        with open(os.path.join(folder, "lines")) as file:
            assert sorted(file.read().split()) == ["a", "b"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["pipeline_root=gs://bucket/a[1]"], "pipeline_root='gs://bucket/a[1]': [ stands for"),
        (["runs_dir=a*"], "runs_dir='a*': * stands for"),
        (["pipeline_root='{cwd}/a?'"], "/a?': "),
        (["beam_args=[--direct_running_mode=multi_processing]"], "the current folder="),
        (["beam_args=[--runner=X]", "runs_dir='{cwd}/runs'"], "runs_dir="),
    ],
)
def test_folder_in_which_others_would_not_find_files_is_one_line(settings, words, tmp_path, monkeypatch):
    home = tmp_path / "a[1]"
    home.mkdir()
    monkeypatch.chdir(home)
    config = load_config("demo", [setting.replace("{cwd}", str(home)) for setting in settings])
    with pytest.raises(UserError) as told:
        config.require_usable_root()
    assert words in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_absolute_folder_below_the_current_one_is_taken_relative(tmp_path, monkeypatch):
    home = tmp_path / "a[1]"
    home.mkdir()
    monkeypatch.chdir(home)
    for setting, place in (
        ("runs_dir=runs", "runs/demo/artifacts"),
        (f"runs_dir='{home}/runs'", "runs/demo/artifacts"),
        (f"pipeline_root='{home}/r'", "r"),
        (f"runs_dir='{tmp_path}/plain'", f"{tmp_path}/plain/demo/artifacts"),
    ):
        config = load_config("demo", [setting])
        config.require_usable_root()
        assert config.artifacts_dir == place


@pytest.mark.parametrize("key", ["data.root", "pipeline_root"])
def test_bucket_that_an_engine_would_not_find_is_one_line(key):
    config = load_config("vertex", ["data.root=gs://b/d", "pipeline_root=gs://b/r", f"{key}=gs://b/v[1]"])
    with pytest.raises(UserError, match=rf"{key}='gs://b/v\[1\]': \[ stands for other signs"):
        require_portable(config, "vertex")
