"""Uniform sampling of a long clip versus decoding all of it."""

from benchmarks.fixtures import Fixtures
from benchmarks.processes import Contender, Job, median_cost, race, started
from benchmarks.results import Results, Table


def decode_sampled(path: str) -> Job:
    """Decodes the 20 frames that `uniform` picks, to pixels."""
    from components.video_decoding.decode import decode_clip

    return lambda: len(decode_clip(path, sampling="uniform", frames=20, size=224).frames)


def decode_all(path: str) -> Job:
    """Decodes every frame without converting any to pixels."""
    from components.video_decoding.container import open_video

    def run() -> int:
        with open_video(path) as (container, stream):
            return sum(1 for _ in container.decode(stream))

    return run


def measure_long_clip(fixtures: Fixtures) -> Results:
    """Measures decoding only, on one core with one thread."""
    core, path = fixtures.cores[:1], fixtures.long_clip
    contenders = {
        "uniform": Contender(decode_sampled, path, cores=core),
        "all": Contender(decode_all, path, cores=core),
    }
    rounds = max(1, fixtures.workload.rounds // 2)
    with started(contenders):
        costs = {name: median_cost(of) for name, of in race(contenders, rounds).items()}
    table = Table(
        "A long clip",
        f"Decoding alone of {fixtures.workload.long_clip_seconds} seconds of 1080p30 with groups of 250 pictures and "
        "no B-frames: the 20 frames of uniform as pixels, against every frame decoded and none turned into pixels.",
        ("frames", "CPU s", "wall s"),
        [(name, f"{cost.cpu_s:.2f}", f"{cost.wall_s:.2f}") for name, cost in costs.items()],
    )
    return Results([table], {"long_clip_of_whole": costs["uniform"].cpu_s / costs["all"].cpu_s})
