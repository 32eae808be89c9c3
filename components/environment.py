"""What TensorFlow must be told before it is imported, by this process and by the workers that inherit it."""

import os


def set_environment() -> None:
    """Quiets TensorFlow's log, and has it compute with oneDNN; what the user has set stays."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # By itself TensorFlow does so on processors with AVX512-VNNI or AMX only; with AVX2 too the encoder gains a fifth.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
