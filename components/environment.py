"""Environment variables that must be set before TensorFlow is imported, here and in inheriting workers."""

import os


def set_environment() -> None:
    """Silences TensorFlow's log and enables oneDNN; variables that the user has set are kept."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow enables it only on processors with AVX512-VNNI or AMX; with AVX2 too the encoder is a fifth faster.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
