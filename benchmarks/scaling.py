"""One worker versus two, and the Beam step versus the bare loop."""

from collections.abc import Sequence

from benchmarks import extraction_jobs
from benchmarks.fixtures import Fixtures
from benchmarks.processes import Contender, Cost, median_cost, started
from benchmarks.results import Results, Table

_SAMPLING = "first"
_KEYS = ("two_workers", "beam_of_loop", "beam_of_loop_one_process")


def measure_scaling(fixtures: Fixtures) -> Results:
    """Measures wall time, on enough videos that loading the encoder, which is included, is a small part."""
    workload, cores = fixtures.workload, fixtures.cores[:2]
    if len(cores) < 2:
        reason = "the machine has one core"
        return Results([], dict.fromkeys(_KEYS), dict.fromkeys(_KEYS, reason))
    encoder = fixtures.encoders["tensorflow", fixtures.best_precision]
    few, many = workload.one_process_videos, workload.beam_videos

    videos = fixtures.videos(many)
    halves = videos[: many // 2], videos[many // 2 :]
    one_loop, two_loops = _one_and_two(encoder, cores, videos[:few], workload.rounds)
    one_beam = _together([_beam(fixtures, encoder, few, 1, cores[:1])])
    loops_from_loading = _together(
        [Contender(extraction_jobs.loop_from_loading, encoder, _SAMPLING, cores=(core,)) for core in cores], *halves
    )
    two_beams = _together([_beam(fixtures, encoder, many, 2, cores)])
    ratios: dict[str, float | None] = {
        "two_workers": 2 * one_loop.wall_s / two_loops.wall_s,
        "beam_of_loop": two_beams.wall_s / loops_from_loading.wall_s,
        "beam_of_loop_one_process": one_beam.wall_s / one_loop.wall_s,
    }
    rows = [
        ("loop, one worker", few, one_loop),
        ("loop, two workers with as many videos each", 2 * few, two_loops),
        ("Beam step, one worker", few, one_beam),
        ("loop, two workers, encoder loaded first", many, loops_from_loading),
        ("Beam step, two workers, encoder loaded first", many, two_beams),
    ]
    table = Table(
        "More workers, and Beam",
        f"Wall and CPU seconds in {fixtures.best_precision}, sampling {_SAMPLING}. A loop's worker is a process on a "
        f"core of its own; the first two lines are medians of {workload.rounds}, taken in turn. The Beam step is "
        "FrameFeatureGen's executor with FnApiRunner, from reading the video examples to the written features; its two "
        "workers are threads of one process on both cores.",
        ("way", "videos", "wall s", "CPU s", "videos/s"),
        [
            (name, videos, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}", f"{videos / cost.wall_s:.2f}")
            for name, videos, cost in rows
        ],
    )
    return Results([table], ratios)


def _one_and_two(encoder: str, cores: tuple[int, ...], videos: list[str], rounds: int) -> tuple[Cost, Cost]:
    """Runs one loop alone, then two in parallel with `videos` each, in turn; returns the medians."""
    contenders = {str(core): Contender(extraction_jobs.loop, encoder, _SAMPLING, cores=(core,)) for core in cores}
    ones, twos = [], []
    with started(contenders) as ready:
        first, second = ready.values()
        for _ in range(rounds):
            ones.append(first.measure(videos))
            second.begin(videos)
            costs = first.measure(videos), second.finish()[0]
            twos.append(_of_all(costs))
    return median_cost(ones), median_cost(twos)


def _together(contenders: list[Contender], *videos: list[str]) -> Cost:
    """Runs all in parallel, on `videos` if given: the wall time of the slowest, the CPU time of all."""
    for contender in contenders:
        contender.ready()
    for index, contender in enumerate(contenders):
        contender.begin(*videos[index : index + 1])
    costs = [contender.finish()[0] for contender in contenders]
    for contender in contenders:
        contender.close()
    return _of_all(costs)


def _of_all(costs: Sequence[Cost]) -> Cost:
    return Cost(
        sum(cost.cpu_s for cost in costs),
        max(cost.wall_s for cost in costs),
        max(cost.peak_bytes for cost in costs),
        max(cost.grown_bytes for cost in costs),
    )


def _beam(fixtures: Fixtures, encoder: str, videos: int, workers: int, cores: tuple[int, ...]) -> Contender:
    folder = str(fixtures.folder / f"beam-{workers}")
    paths = fixtures.videos(videos)
    return Contender(extraction_jobs.beam_step, encoder, _SAMPLING, paths, workers, folder, cores=cores)
