"""Makes a frame encoder: weights, folding, the check of it, and the export."""

import keras
import numpy as np

from components.features import FRAME_SIZE
from components.frame_encoder.inception import build_inception, encoder_fingerprint, fold_batch_norm
from components.frame_encoder.saved_model import export_encoder


def make_encoder(weights: str, path: str) -> str:
    """Writes the encoder's SavedModel to `path` and gives its fingerprint.

    Args:
        weights: `imagenet`, `random:SEED` or the uri of a weights file.
        path: a folder or bucket.

    Raises:
        UserError: if the weights cannot be had.
        RuntimeError: if folding BatchNorm changed the features.
    """
    model = build_inception(weights)
    folded = fold_batch_norm(model)
    _require_agreement(model, folded)
    fingerprint = encoder_fingerprint(folded)
    export_encoder(folded, path, weights=weights, fingerprint=fingerprint)
    return fingerprint


def _require_agreement(model: keras.Model, folded: keras.Model) -> None:
    frames = np.random.default_rng(0).uniform(-1, 1, (2, FRAME_SIZE, FRAME_SIZE, 3)).astype(np.float32)
    expected = np.asarray(model(frames, training=False))
    error = np.linalg.norm(expected - np.asarray(folded(frames, training=False))) / np.linalg.norm(expected)
    if not error < 1e-4:
        raise RuntimeError(f"folding BatchNorm changed the features by {float(error):.1e}, more than 1e-4")
