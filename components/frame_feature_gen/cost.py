"""What an extraction takes: time, memory and disk."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class WorkerCost:
    """What the extraction takes with so many `workers`; memory is that of all of them, and of the run."""

    workers: int
    seconds: float
    memory_bytes: int


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What an extraction will take on this machine, if the feature cache has none of the videos yet.

    Attributes:
        videos: to be decoded and encoded, pseudo-fakes included.
        measured: the videos that were decoded for this.
        decode_s: seconds for one video, on one core; None if not measured.
        encode_s: seconds for one video's frames, on all cores; None if not measured.
        by_workers: with one worker, and with as many as the config says; empty if anything was not measured.
        disk_bytes: of the features: in the cache, as examples and as transformed examples, before compression.
    """

    videos: int
    measured: int
    decode_s: float | None
    encode_s: float | None
    by_workers: tuple[WorkerCost, ...]
    disk_bytes: int


def example_bytes(values: int) -> int:
    """Returns what the example of one video takes with so many float32 features, and the facts about it."""
    return values * 4 + 8192


def seconds_a_video(decode_s: float, encode_s: float, workers: int, cores: int) -> float:
    """Returns the seconds for one video of many, with several workers.

    A worker decodes a video while the one before it is encoded. Encoding uses all cores, and decoding one for each
    worker, so that neither the cores nor the workers are ever idle at best.

    Args:
        decode_s: on one core.
        encode_s: on all cores.
        workers: that decode at once.
        cores: of the machine.
    """
    work = decode_s + encode_s * cores
    return max(work / cores, max(decode_s, encode_s) / workers)
