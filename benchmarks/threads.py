"""The settings of a worker process: one thread, and oneDNN's kernels."""

import os


def use_one_thread() -> None:
    """Tells TensorFlow so, before it is imported and computes for the first time."""
    # As the command `deepfake` sets it.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
