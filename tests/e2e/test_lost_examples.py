"""A node that reads another number of examples than its producer recorded fails, with one line."""

import contextlib
import os
import pathlib
import shutil

import pytest

from components.errors import UserError
from components.recorded_files import FILES_PROPERTY
from pipeline.runners.failure import NodeFailedError
from pipeline.runs.store import connect, latest_output

pytestmark = pytest.mark.e2e

# What a rerun changes so that only this node and those after it run; the artifact that it reads.
READERS = {
    "FrameFeatureGen": ("VideoExampleGen", "examples", "train", "extraction.min_frames=6"),
    "Transform": ("FrameFeatureGen", "examples", "train", "transform.clip=9"),
    "Trainer": ("Transform", "transformed_examples", "train", "seed=1"),
    "Evaluator": ("FrameFeatureGen", "test_examples", "test", "evaluator.bounds.auc.min=0.01"),
}


@contextlib.contextmanager
def doubled(folder: pathlib.Path):
    """Every record twice, as where two executions write to one folder."""
    files = [file for file in folder.iterdir() if file.stat().st_size]
    copies = [shutil.copy(file, folder / f"other-{file.name}") for file in files]
    try:
        yield
    finally:
        for copy in copies:
            os.remove(copy)


@contextlib.contextmanager
def without_record_of_files(store_path: str, uri: str):
    """As of a release that recorded none; otherwise the producer runs again, and nobody reads what was doubled.

    Afterwards the store is as it was: a changed artifact would make all that read it run again in other tests.
    """
    as_it_was = shutil.copy(store_path, f"{store_path}.before")
    store = connect(store_path, to_write=True)
    (artifact,) = store.get_artifacts_by_uri(uri)
    del artifact.custom_properties[FILES_PROPERTY]
    store.put_artifacts([artifact])
    try:
        yield
    finally:
        os.replace(as_it_was, store_path)


@pytest.fixture(scope="module")
def latest_run(first_run, run_pipeline):
    """From the cache; other tests may have made artifacts by other settings since the first run."""
    return run_pipeline()


@pytest.mark.parametrize("reader", READERS)
def test_other_examples_than_were_left_are_noticed_by_their_reader(latest_run, run_pipeline, reader):
    producer, key, split, setting = READERS[reader]
    store_path = os.path.join(latest_run.config.run_dir, "metadata.sqlite")
    uri = latest_output(connect(store_path), latest_run.config.name, producer, key).uri
    with (
        doubled(pathlib.Path(uri, f"Split-{split}")),
        without_record_of_files(store_path, uri),
        pytest.raises(NodeFailedError) as failed,
    ):
        run_pipeline(setting)
    assert failed.value.node == reader
    assert isinstance(failed.value.__cause__, UserError)
    assert failed.value.reason.startswith(f"{uri}: holds ")
    assert "remove that folder, and type the same again" in failed.value.reason
