"""How Beam runs inside one machine or one container."""

from collections.abc import Sequence

_LOCAL = (
    # DirectRunner would first look for Prism, a program that it tries to download.
    "--runner=pipeline.runners.isolated_workers.IsolatedWorkersRunner",
    # Workers are processes of this environment. Told nothing of their dependencies, TFX would pack itself for
    # them, two seconds a node; any of those options keeps it from that.
    "--sdk_container_image=none",
)
_ONE_PROCESS = ("--direct_running_mode=in_memory", "--direct_num_workers=1")


def node_beam_args(further: Sequence[str]) -> list[str]:
    """For small nodes: one process. What stands in `further` wins."""
    return [*_LOCAL, *_ONE_PROCESS, *further]


def extraction_beam_args(workers: int, further: Sequence[str]) -> list[str]:
    """For the extraction: `workers` threads, as many as there are cores if 0. What stands in `further` wins.

    TensorFlow and the decoders, which are processes, leave Python's lock alone; processes for the threads too would
    import everything and load the encoder once more each, and one that is killed would be waited for for ever.
    """
    if workers == 1:
        return node_beam_args(further)
    return [*_LOCAL, "--direct_running_mode=multi_threading", f"--direct_num_workers={workers}", *further]
