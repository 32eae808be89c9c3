"""One thread per process, as in a worker."""

from components.environment import set_environment


def use_one_thread() -> None:
    """Configures TensorFlow for one thread, and as the command line does; call before it is imported."""
    set_environment()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
