"""Checks the inputs of a training run before it starts, and pins what the cache must know about them."""

import concurrent.futures
import hashlib
import os
from collections.abc import Sequence

from components import storage
from components.dataset.health import preflight
from components.dataset.metadata import METADATA_FILE
from components.dataset.sources import Dataset, read_dataset
from components.dataset.splitting.pins import read_pins
from components.errors import UserError
from components.file_patterns import matching
from components.output_files import require_writable_folder
from components.served_model.encoder_engine import require_engine
from components.uris import is_remote, join_uri
from components.video_decoding.faces.model_file import open_face_detection
from pipeline.config.extraction import EncoderConfig, ExtractionConfig
from pipeline.config.training import TrainingConfig
from pipeline.inputs.reachable import require_reachable, require_writable_results

_STAT_THREADS = 32
_FILES_AT_ONCE = 10_000


def pin_inputs(config: TrainingConfig) -> TrainingConfig:
    """Checks the data set and the model files, and returns the config with their fingerprints.

    TFX's cache only compares paths: without fingerprints a replaced file would go unnoticed.

    Raises:
        UserError: for every error that can be detected before the first node runs.
    """
    if not config.data.root:
        raise UserError("data.root is not set; type --data-root DIR, the folder that holds metadata.json")
    require_engine(config.encoder.engine, config.encoder.precision)
    require_reachable({"extraction.cache_dir": config.feature_cache_dir, "push_destination": config.push_dir})
    require_writable_results(config)
    require_writable_folder("push_destination", config.push_dir)
    dataset = read_dataset(config.data.root, config.data.manifest, config.split.rules)
    pin = config.split.pin
    pins = read_pins(pin, config.split.names) if pin else None
    preflight(dataset, config.split.rules, config.data.max_quarantine_ratio, pins=pins)
    # The fingerprint covers all files, so few are left to TFX's driver, which stats them one after the other.
    pattern = f"{dataset.pattern.removesuffix('*')}{METADATA_FILE}"
    data = config.data.model_copy(update={"pattern": pattern, "fingerprint": data_fingerprint(dataset)})
    split = config.split.model_copy(
        update={
            "pin": pin if is_remote(pin) or not pin else os.path.abspath(pin),
            "pin_digest": storage.sha256(pin) if pin else "",
        }
    )
    return pin_model_files(config).model_copy(update={"data": data, "split": split})


def pin_model_files(config: TrainingConfig) -> TrainingConfig:
    """Returns the config with the digests of the encoder's weights file and of the face detector's model file.

    Raises:
        UserError: if a file is missing, or faces are wanted and the detector is not available.
    """
    encoder = config.encoder.model_copy(update={"weights_digest": _weights_digest(config.encoder)})
    extraction = config.extraction.model_copy(update={"face_model_digest": _face_model_digest(config.extraction)})
    return config.model_copy(update={"encoder": encoder, "extraction": extraction})


def data_fingerprint(dataset: Dataset) -> str:
    """Fingerprints the names, sizes and modification times (ns) of the files that the data set's pattern matches.

    With a manifest these are the manifest and all videos that it lists.
    """
    root, listed_in = dataset.data_root, dataset.source.listed_in
    if listed_in == METADATA_FILE:
        return fingerprint_files(root, matching(root, dataset.pattern))
    return fingerprint_files(root, [listed_in, *(join_uri(root, uri) for uri in dataset.uris(dataset.present))])


def fingerprint_files(root: str, paths: Sequence[str]) -> str:
    """Fingerprints files by their names relative to `root`, sizes and modification times (ns)."""
    digest = hashlib.sha256()
    ordered = sorted(paths)
    # In a bucket, each answer takes a round trip.
    with concurrent.futures.ThreadPoolExecutor(_STAT_THREADS) as executor:
        for start in range(0, len(ordered), _FILES_AT_ONCE):
            some = ordered[start : start + _FILES_AT_ONCE]
            for path, stat in zip(some, executor.map(storage.stat, some), strict=True):
                if not stat.is_directory:
                    relative = os.path.relpath(path, root)
                    digest.update(f"{relative}\0{stat.length}\0{stat.mtime_nsec}\n".encode())
    return digest.hexdigest()[:32]


def _face_model_digest(extraction: ExtractionConfig) -> str:
    if extraction.crop != "face":
        return ""
    return open_face_detection(extraction.face_detector, extraction.face_model).model_digest


def _weights_digest(encoder: EncoderConfig) -> str:
    if not encoder.has_weights_file:
        return ""
    weights = encoder.weights
    if not storage.exists(weights):
        raise UserError(f"encoder.weights: {weights!r} is not there; allowed are imagenet, random:SEED or a file")
    return hashlib.sha256(storage.read_bytes(weights)).hexdigest()
