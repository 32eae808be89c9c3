"""Finds the artifacts of a finished local run through its store."""

import os
from typing import Any

import ml_metadata as mlmd

from components import features, storage
from components.errors import UserError
from pipeline.runs.folders import store_path
from pipeline.runs.lineage import trace
from pipeline.runs.store import connect, latest_finished, pipeline_name
from pipeline.runs.trainings import require_training

_EXTRACTION = "FrameFeatureGen"
_READING = ("data_root", "cache_dir", "face_model", "timeout_s", "memory_mb")


def video_files(run_dir: str) -> dict[str, Any]:
    """Returns where the training in `run_dir` found its videos, and how it read them: the fields of `VideoFiles`."""
    store = connect(store_path(run_dir))
    extraction = latest_finished(store, pipeline_name(store, run_dir), _EXTRACTION)
    assert extraction is not None, "a run that has trained a model has extracted features"
    return {name: extraction.parameters[name] for name in _READING}


def frame_features_and_model(run_dir: str) -> tuple[dict[str, list[str]], str]:
    """Returns the model that the run in `run_dir` trained last, and the frame-feature examples of that training.

    Features extracted since, for a training that did not finish, are ignored.

    Returns:
        The files of the examples by split, and the folder of the served model.

    Raises:
        UserError: if the run has not trained a model, or the model has been moved or removed.
    """
    store = connect(store_path(run_dir))
    name = pipeline_name(store, run_dir)
    require_training(store, name, run_dir)
    trained = latest_finished(store, name, "Trainer")
    if trained is None:
        raise UserError(f"{run_dir}: the run has no Trainer that has finished; go on with it: deepfake run")
    (model,) = (output for output in trained.outputs if output.key == "model")
    folders = _folders_of_splits(store, model.id, run_dir)
    for uri in (model.uri, *folders.values()):
        if not storage.exists(uri):
            raise UserError(
                f"{run_dir}: an artifact is not where the run left it ({uri}); type the command in the folder where "
                "the run was started, or run it once more"
            )
    # Imported late: what is wrong with a run is told without TFX.
    from tfx.utils import path_utils

    patterns = {split: [os.path.join(uri, f"Split-{split}", "*")] for split, uri in folders.items()}
    return patterns, path_utils.serving_model_path(model.uri)


def _folders_of_splits(store: mlmd.MetadataStore, model_id: int, run_dir: str) -> dict[str, str]:
    (model,) = store.get_artifacts_by_id([model_id])
    lineage = trace(store, model, store_path(run_dir), model=model.uri)
    (extraction,) = (each for each in lineage.executions if each.node == _EXTRACTION)
    found = {}
    for split in features.SPLITS:
        key = features.OUTPUT_OF_SPLIT[split]
        # Earlier versions left all splits in `examples`.
        (number,) = extraction.outputs[key if key in extraction.outputs else "examples"]
        found[split] = lineage.artifacts[number].uri
    return found
