"""Builds the frame encoder: folds BatchNorm, picks precision and engine, and checks that the variants agree."""

import dataclasses
import logging
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.errors import UserError
from components.frame_encoder.agreement import MIN_COSINE, Agreement, measure_agreement
from components.frame_encoder.folding import fold_batch_norm
from components.frame_encoder.graph import Network, encode_function
from components.frame_encoder.network import encoder_fingerprint, weights_fingerprint
from components.served_model.encoder import ENCODE, EncoderDescription, load_tensorflow, write_description
from components.served_model.encoder_engine import (
    Engine,
    Precision,
    PrecisionChoice,
    processor_has_bfloat16,
    require_engine,
)
from components.served_model.openvino_encoder import load_openvino, write_openvino

_FLOAT32_BATCH = 20


def build_encoder(
    network: Network,
    path: str,
    *,
    weights: str,
    precision: PrecisionChoice,
    engine: Engine,
    sample_frames: Callable[[], np.ndarray],
    has_bfloat16: Callable[[], bool] = processor_has_bfloat16,
) -> EncoderDescription:
    """Writes the encoder under `path`: a SavedModel and, if that is the engine, its OpenVINO version.

    Args:
        network: as returned by `build_network`.
        path: an empty local folder.
        weights: where the weights come from, for the description.
        precision: `auto` picks bfloat16 if the processor supports it and every frame's features agree.
        engine: what `load_encoder` will run the encoder with.
        sample_frames: returns frames uint8 [N, S, S, 3] of real videos to compare on; N may be 0. Called only if
            there is something to compare.
        has_bfloat16: whether the processor supports bfloat16.

    Returns:
        The description, which is also written to `assets.extra/encoder.json`.

    Raises:
        UserError: if the engine cannot run here, or if bfloat16 was requested and disagrees with float32.
        RuntimeError: if conversion changes the float32 features.
    """
    require_engine(engine, precision)
    folded = _folded(network)
    if precision == "float32":
        chosen: Precision = "float32"
        reason, agreement = "asked for", None
    elif precision == "auto" and not has_bfloat16():
        chosen, reason, agreement = "float32", "the processor has neither AMX nor AVX512-BF16", None
    else:
        chosen, reason, agreement = _try_bfloat16(path, folded, precision, engine, sample_frames())
    if chosen == "float32":
        agreement = _write_float32(path, folded, engine, sample_frames)
    description = EncoderDescription(
        architecture=folded.architecture,
        frame_size=folded.frame_size,
        feature_size=folded.feature_size,
        weights=weights,
        weights_fingerprint=weights_fingerprint(network),
        fingerprint=encoder_fingerprint(weights_fingerprint(folded), chosen, engine),
        engine=engine,
        precision=chosen,
        precision_reason=reason,
        agreement=dataclasses.asdict(agreement) if agreement else None,
    )
    write_description(path, description)
    return description


def _try_bfloat16(
    path: str, folded: Network, precision: PrecisionChoice, engine: Engine, frames: np.ndarray
) -> tuple[Precision, str, Agreement | None]:
    if not len(frames):
        if precision == "auto":
            return "float32", "no video could be decoded to compare bfloat16 on", None
        raise UserError(
            "encoder.precision: bfloat16 cannot be compared with float32, since none of the videos that were tried "
            "could be decoded; type --set encoder.precision=float32"
        )
    _write(path, folded, "bfloat16", engine)
    agreement = _measure(path, folded, "bfloat16", engine, frames)
    logging.info("Frame encoder in bfloat16 against float32: %s", agreement)
    if agreement.is_sufficient("bfloat16"):
        return "bfloat16", f"agrees with float32: {agreement}", agreement
    refused = f"bfloat16 differs from float32 by more than the least cosine {MIN_COSINE} allows: {agreement}"
    if precision == "auto":
        shutil.rmtree(path)
        return "float32", refused, None
    raise UserError(f"encoder.precision: {refused}; type --set encoder.precision=float32")


def _write_float32(
    path: str, folded: Network, engine: Engine, sample_frames: Callable[[], np.ndarray]
) -> Agreement | None:
    _write(path, folded, "float32", engine)
    if engine == "tensorflow":
        return None
    frames = sample_frames()
    agreement = _measure(path, folded, "float32", engine, frames if len(frames) else _noise(folded.frame_size))
    if not agreement.is_sufficient("float32"):
        raise RuntimeError(f"OpenVINO differs from TensorFlow: {agreement}")
    return agreement


def _write(path: str, folded: Network, precision: Precision, engine: Engine) -> None:
    _export(path, folded, precision)
    if engine == "openvino" and precision == "float32":
        write_openvino(path, path, folded.frame_size)
    elif engine == "openvino":
        # OpenVINO converts from float32 and casts at run time.
        with tempfile.TemporaryDirectory(prefix="deepfake-encoder-") as folder:
            _export(folder, folded, "float32")
            write_openvino(folder, path, folded.frame_size)


def _export(path: str, folded: Network, precision: Precision) -> None:
    archive = keras.export.ExportArchive()
    if precision == "float32":
        archive.track(folded.model)
    frames = tf.TensorSpec([None, folded.frame_size, folded.frame_size, 3], tf.uint8, name="frames")
    archive.add_endpoint(name=ENCODE, fn=encode_function(folded, precision), input_signature=[frames])
    archive.write_out(path, verbose=False)


def _measure(path: str, folded: Network, precision: Precision, engine: Engine, frames: np.ndarray) -> Agreement:
    """Measures the agreement of the written encoder; if there are two variants, of the worse one."""
    expected = _in_batches(encode_function(folded, "float32"), frames)
    forms = [load_tensorflow(path)] if precision == "bfloat16" else []
    if engine == "openvino":
        forms.append(load_openvino(path, precision))
    measured = [measure_agreement(expected, _in_batches(form, frames)) for form in forms]
    return Agreement(
        len(frames),
        min(agreement.min_cosine for agreement in measured),
        max(agreement.max_relative_error for agreement in measured),
    )


def _in_batches(encode: Callable[[np.ndarray], Any], frames: np.ndarray) -> np.ndarray:
    starts = range(0, len(frames), _FLOAT32_BATCH)
    return np.concatenate([np.asarray(encode(frames[start : start + _FLOAT32_BATCH])) for start in starts])


def _folded(network: Network) -> Network:
    """Folds BatchNorm, unless rounding alone then changes the features, as it can in very deep networks."""
    folded = dataclasses.replace(network, model=fold_batch_norm(network.model))
    frames = _noise(network.frame_size)
    expected, found = (np.asarray(encode_function(form, "float32")(frames)) for form in (network, folded))
    agreement = measure_agreement(expected, found)
    if agreement.is_sufficient("float32"):
        return folded
    logging.info("BatchNorm stays, since folding it changes the features: %s", agreement)
    return network


def _noise(size: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (2, size, size, 3), np.uint8)
