"""The frame encoder for callers without a FrameEncoder artifact: the same encoder, built once and cached."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence

from components.code_version import code_version
from components.frame_encoder.build import build_encoder
from components.frame_encoder.network import build_network, require_digest
from components.frame_encoder.sample_frames import decode_sample
from components.served_model.encoder_engine import require_engine
from pipeline.config.training import TrainingConfig


def cached_encoder(config: TrainingConfig, videos: Sequence[str]) -> str:
    """Returns the path of the SavedModel of the config's encoder, built under RUNS_DIR/encoders unless it exists.

    Args:
        config: provides the section `encoder`, with the digest of the weights file.
        videos: uris; a reduced precision is compared with float32 on some of them.

    Raises:
        UserError: if the weights, the precision or the engine are not available.
    """
    encoder = config.encoder
    require_engine(encoder.engine, encoder.precision)
    decisive = [
        *(encoder.architecture, encoder.weights, encoder.weights_digest, encoder.precision, encoder.engine),
        code_version("frame_encoder", "frame_feature_gen"),
    ]
    folder = os.path.join(config.runs_dir, "encoders")
    path = os.path.join(folder, hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16])
    if not os.path.isdir(path):
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            made = os.path.join(temporary, "encoder")
            build_encoder(
                build_network(encoder.architecture, encoder.weights),
                made,
                weights=encoder.weights,
                precision=encoder.precision,
                engine=encoder.engine,
                sample_frames=lambda: decode_sample(videos, encoder.frame_size),
            )
            # The weights may have changed since the digest that names the folder was computed.
            require_digest(encoder.weights, encoder.weights_digest)
            # Another process may have built it meanwhile.
            try:
                os.rename(made, path)
            except OSError:
                if not os.path.isdir(path):
                    raise
    return path
