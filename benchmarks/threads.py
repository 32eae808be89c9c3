"""One thread for each process, as in a worker."""


def use_one_thread() -> None:
    """Tells TensorFlow so, before it computes for the first time."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
