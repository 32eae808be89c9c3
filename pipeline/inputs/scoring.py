"""Checks the inputs of a scoring run before it starts, and pins what the cache must know about them."""

import hashlib
from collections.abc import Callable

from components import storage
from components.dataset.folder import metadata_files, read_video_folder
from components.dataset.metadata import METADATA_FILE
from components.errors import UserError
from components.served_model.folder import ModelFolder, open_model
from components.submission_gen.submission import read_sample, require_distinct
from components.uris import join_uri
from pipeline.config.scoring import LATEST_MODEL, ScoringConfig, SubmissionConfig
from pipeline.inputs.labels import some_names
from pipeline.inputs.reachable import require_reachable, require_writable_results
from pipeline.inputs.training import fingerprint_files
from pipeline.runs.pushed_models import choose_model


def pin_scoring_inputs(config: ScoringConfig, tell: Callable[[str], None] = lambda line: None) -> ScoringConfig:
    """Finds the model, checks all inputs, and returns the config with digests and fingerprints.

    Args:
        config: the config of the run.
        tell: called with one line for the user about each thing that is ignored.

    Raises:
        UserError: for every error that can be detected before the first node runs.
    """
    if not config.data.root:
        raise UserError("data.root is not set; type --data-root DIR, the folder of the videos")
    require_reachable({"extraction.cache_dir": config.feature_cache_dir})
    require_writable_results(config)
    named = "" if config.model == LATEST_MODEL else config.model
    model = open_model(choose_model(named, config.runs_dir, otherwise="--set model=DIR"))
    _require_same(model, config.model_digest)
    _require_face_model(model, config.extraction.face_model)
    config.extraction.window_options.windowing(model)
    folder = read_video_folder(config.data.root)
    if folder.labels_refused:
        tell(f"labels not used: {folder.labels_refused}")
    if folder.absent:
        tell(f"labels of no video that is there: {some_names(folder.absent)}")
    bare = [entry.uri for entry in folder.entries if entry.label is None]
    if 0 < len(bare) < len(folder.entries):
        tell(f"labels: none for videos: {some_names(bare)}")
    submission = _pin_sample(config.submission, [entry.uri for entry in folder.entries])
    # Imported late: what is wrong with the arguments is told before TensorFlow is loaded.
    from components.served_model.loaded_model import ServedModel

    # Otherwise a damaged file would be reported by a worker, as an error of TensorFlow.
    ServedModel(model.path)
    root = config.data.root
    files = [*metadata_files(root), *(join_uri(root, entry.uri) for entry in folder.entries)]
    data = config.data.model_copy(
        # The fingerprint covers all files, so few are left to TFX's driver, which stats them one after the other.
        update={"pattern": METADATA_FILE, "fingerprint": fingerprint_files(root, files)}
    )
    pinned = {"model": model.path, "model_digest": model.description.model_digest}
    return config.model_copy(update={**pinned, "data": data, "submission": submission})


def _require_same(model: ModelFolder, digest: str) -> None:
    found = model.description.model_digest
    if digest and digest != found:
        raise UserError(f"model={model.path!r}: its digest is {found}, not model_digest={digest}; correct one of them")


def _require_face_model(model: ModelFolder, face_model: str) -> None:
    described = model.description
    if described.needs_face_model and not face_model:
        raise UserError(
            f"{model.path}: its faces were found by {described.face_detector}; type --set extraction.face_model=FILE, "
            "its ONNX file"
        )


def _pin_sample(submission: SubmissionConfig, uris: list[str]) -> SubmissionConfig:
    if not submission.like:
        return submission
    require_distinct(read_sample(submission.like), uris)
    digest = hashlib.sha256(storage.read_bytes(submission.like)).hexdigest()
    return submission.model_copy(update={"like_digest": digest})
