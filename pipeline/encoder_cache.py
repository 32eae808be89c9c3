"""The frame encoder for whoever has no FrameEncoder artifact; the same one, made once."""

import contextlib
import hashlib
import os
import tempfile

from components.code_version import code_version
from components.frame_encoder.build import make_encoder
from pipeline.config import Config
from pipeline.inputs import weights_digest


def cached_encoder(config: Config) -> str:
    """Gives the SavedModel of the config's encoder, made under RUNS_DIR/encoders where it is not there yet.

    Raises:
        UserError: if the weights cannot be had.
    """
    weights = config.encoder.weights
    decisive = f"{weights}\0{weights_digest(weights)}\0{code_version('frame_encoder')}"
    folder = os.path.join(config.runs_dir, "encoders")
    path = os.path.join(folder, hashlib.sha256(decisive.encode()).hexdigest()[:16])
    if not os.path.isdir(path):
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            made = os.path.join(temporary, "encoder")
            make_encoder(weights, made)
            # Another process may have been quicker.
            with contextlib.suppress(OSError):
                os.rename(made, path)
    return path
