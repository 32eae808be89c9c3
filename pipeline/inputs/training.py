"""Looks at a run's inputs before it starts, and pins what the cache must know of them."""

import concurrent.futures
import hashlib
import os
from collections.abc import Sequence

import tensorflow as tf

from components.errors import UserError
from components.file_patterns import matching
from components.served_model.encoder_engine import require_engine
from components.video_decoding.faces.model_file import open_face_detection
from components.video_example_gen.health import preflight
from components.video_example_gen.metadata import METADATA_FILE, Dataset, read_dataset
from pipeline.config.sections import ExtractionConfig
from pipeline.config.training import TrainingConfig

_STAT_THREADS = 32


def pin_inputs(config: TrainingConfig) -> TrainingConfig:
    """Checks the data set and the model files, and gives the config with their fingerprints.

    TFX's cache does not look behind paths: without these a replaced file would go unnoticed.

    Raises:
        UserError: for everything that can be known to fail before the first node runs.
    """
    if not config.data.root:
        raise UserError("data.root is not set; type --data-root DIR, the folder that holds metadata.json")
    require_engine(config.encoder.engine, config.encoder.precision)
    dataset = read_dataset(config.data.root)
    preflight(dataset, config.split.ratios, config.split.group_by, config.data.max_quarantine_ratio)
    # The fingerprint tells of every file. TFX's driver, which asks for one after the other, is left with few.
    pattern = f"{dataset.pattern.removesuffix('*')}{METADATA_FILE}"
    data = config.data.model_copy(update={"pattern": pattern, "fingerprint": data_fingerprint(dataset)})
    return pin_model_files(config).model_copy(update={"data": data})


def pin_model_files(config: TrainingConfig) -> TrainingConfig:
    """Gives the config with the digests of the encoder's weights file and of the face detector's model file.

    Raises:
        UserError: if one is not there, or faces are wanted and cannot be found.
    """
    encoder = config.encoder.model_copy(update={"weights_digest": _weights_digest(config.encoder.weights)})
    extraction = config.extraction.model_copy(update={"face_model_digest": _face_model_digest(config.extraction)})
    return config.model_copy(update={"encoder": encoder, "extraction": extraction})


def data_fingerprint(dataset: Dataset) -> str:
    """Fingerprints the names, sizes and times of change, in nanoseconds, of all files beside the videos."""
    return fingerprint_files(dataset.data_root, matching(dataset.data_root, dataset.pattern))


def fingerprint_files(root: str, paths: Sequence[str]) -> str:
    """Fingerprints the names below `root`, sizes and times of change, in nanoseconds, of files."""
    digest = hashlib.sha256()
    ordered = sorted(paths)
    # Of a bucket each answer is a request's journey away.
    with concurrent.futures.ThreadPoolExecutor(_STAT_THREADS) as executor:
        stats = executor.map(tf.io.gfile.stat, ordered)
    for path, stat in zip(ordered, stats, strict=True):
        if not stat.is_directory:
            relative = os.path.relpath(path, root)
            digest.update(f"{relative}\0{stat.length}\0{stat.mtime_nsec}\n".encode())
    return digest.hexdigest()[:32]


def _face_model_digest(extraction: ExtractionConfig) -> str:
    if extraction.crop != "face":
        return ""
    return open_face_detection(extraction.face_detector, extraction.face_model).model_digest


def _weights_digest(weights: str) -> str:
    if weights == "imagenet" or weights.startswith("random:"):
        return ""
    if not tf.io.gfile.exists(weights):
        raise UserError(f"encoder.weights: {weights!r} is not there; allowed are imagenet, random:SEED or a file")
    with tf.io.gfile.GFile(weights, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
