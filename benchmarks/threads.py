"""One thread for each process, as in a worker."""

from components.environment import set_environment


def use_one_thread() -> None:
    """Tells TensorFlow so, and whatever else the command tells it, before it is imported."""
    set_environment()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
