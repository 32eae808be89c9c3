"""A long video in windows versus these windows as files of their own."""

from benchmarks import extraction_jobs
from benchmarks.clips import FPS
from benchmarks.fixtures import LONG_GOP, Fixtures
from benchmarks.processes import Contender, median_cost, race, started
from benchmarks.results import Results, Table


def measure_windows(fixtures: Fixtures) -> Results:
    """Measures the extraction, decoder included, on one core."""
    core, window_s = fixtures.cores[:1], LONG_GOP / FPS
    windows = round(fixtures.workload.long_clip_seconds / window_s)
    encoder = fixtures.encoders["tensorflow", fixtures.best_precision]
    jobs = {"one video": ([fixtures.long_clip], window_s), "files": ([fixtures.one_group] * windows, 0.0)}
    contenders = {
        name: Contender(extraction_jobs.windows_of, encoder, paths, length, cores=core)
        for name, (paths, length) in jobs.items()
    }
    rounds = max(1, fixtures.workload.rounds // 2)
    with started(contenders):
        costs = {name: median_cost(of) for name, of in race(contenders, rounds).items()}
    precision = fixtures.best_precision
    table = Table(
        "A long video in windows",
        f"Extraction, uniform, {precision}, of {windows} windows of {window_s:.1f} seconds of 1080p30: of one video, "
        "and of as many files. Memory is the peak of the process that encodes.",
        ("videos", "CPU s", "wall s", "GB"),
        [
            (name, f"{cost.cpu_s:.1f}", f"{cost.wall_s:.1f}", f"{cost.peak_bytes / 1e9:.2f}")
            for name, cost in costs.items()
        ],
    )
    one, files = costs["one video"], costs["files"]
    ratios: dict[str, float | None] = {
        "windows_cpu_of_files": one.cpu_s / files.cpu_s,
        "windows_memory_of_files": one.peak_bytes / files.peak_bytes,
    }
    return Results([table], ratios)
