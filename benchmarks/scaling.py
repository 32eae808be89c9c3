"""One worker against two, and the Beam step against the bare loop."""

from benchmarks import extraction_jobs
from benchmarks.findings import Findings, Table
from benchmarks.laboratory import Laboratory
from benchmarks.processes import Contender, Cost

_SAMPLING = "first"
_KEYS = ("two_workers", "beam_of_loop", "beam_of_loop_one_process")


def measure_scaling(laboratory: Laboratory) -> Findings:
    """Measures wall time once for each, over so many videos that starting is a small part, and counts it in."""
    extent, cores = laboratory.extent, laboratory.cores[:2]
    if len(cores) < 2:
        reason = "the machine has one core"
        return Findings([], dict.fromkeys(_KEYS), dict.fromkeys(_KEYS, reason))
    encoder = laboratory.encoders["tensorflow", laboratory.best_precision]
    few, many = extent.one_process_videos, extent.beam_videos

    videos = laboratory.videos(many)
    halves = videos[: many // 2], videos[many // 2 :]
    one_loop = _together([_loop(encoder, cores[:1])], videos[:few])
    two_loops = _together([_loop(encoder, (core,)) for core in cores], videos[:few], videos[:few])
    one_beam = _together([_beam(laboratory, encoder, few, 1, cores[:1])])
    loops_with_start = _together(
        [Contender(extraction_jobs.loop_with_start, encoder, _SAMPLING, cores=(core,)) for core in cores], *halves
    )
    two_beams = _together([_beam(laboratory, encoder, many, 2, cores)])
    ratios: dict[str, float | None] = {
        "two_workers": 2 * one_loop.wall_s / two_loops.wall_s,
        "beam_of_loop": two_beams.wall_s / loops_with_start.wall_s,
        "beam_of_loop_one_process": one_beam.wall_s / one_loop.wall_s,
    }
    rows = [
        ("loop, one worker", few, one_loop),
        ("loop, two workers with as many videos each", 2 * few, two_loops),
        ("Beam step, one process", few, one_beam),
        ("loop, two workers, from their start", many, loops_with_start),
        ("Beam step, two worker processes, from their start", many, two_beams),
    ]
    table = Table(
        "More workers, and Beam",
        f"Wall and CPU seconds in {laboratory.best_precision}, sampling {_SAMPLING}, each worker on a core of its own. "
        "The Beam step is FrameFeatureGen's executor with FnApiRunner, from reading the video examples to the written "
        "features. Two worker processes start anew for each run, so the loops beside them count their start as well.",
        ("way", "videos", "wall s", "CPU s", "videos/s"),
        [
            (name, videos, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}", f"{videos / cost.wall_s:.2f}")
            for name, videos, cost in rows
        ],
    )
    return Findings([table], ratios)


def _together(contenders: list[Contender], *videos: list[str]) -> Cost:
    """All at once, each with its videos if they are not its own: the wall time of the slowest, the CPU time of all."""
    for contender in contenders:
        contender.ready()
    for index, contender in enumerate(contenders):
        contender.begin(*videos[index : index + 1])
    costs = [contender.finish()[0] for contender in contenders]
    for contender in contenders:
        contender.close()
    return Cost(
        sum(cost.cpu_s for cost in costs),
        max(cost.wall_s for cost in costs),
        max(cost.peak_bytes for cost in costs),
    )


def _loop(encoder: str, cores: tuple[int, ...]) -> Contender:
    return Contender(extraction_jobs.loop, encoder, _SAMPLING, cores=cores)


def _beam(laboratory: Laboratory, encoder: str, videos: int, workers: int, cores: tuple[int, ...]) -> Contender:
    folder = str(laboratory.folder / f"beam-{workers}")
    paths = laboratory.videos(videos)
    return Contender(extraction_jobs.beam_step, encoder, _SAMPLING, paths, workers, folder, cores=cores)
