"""Time and size of a run's report."""

import pathlib

from benchmarks.fixtures import Fixtures
from benchmarks.processes import Job, measured_once
from benchmarks.results import Results, Table


def make_report_of(videos: int, folder: str) -> Job:
    """Renders a run with `videos` test videos and no filmstrips, whose cost does not depend on that number."""
    from benchmarks.report_artifacts import write_artifacts
    from components.report_gen.rendering import make_report

    run = write_artifacts(pathlib.Path(folder), videos, filmstrips=0)

    def job() -> int:
        return len(make_report(run.sources, run.settings).encode())

    return job


def measure_report_making(fixtures: Fixtures) -> Results:
    """Measures once, on one core."""
    videos = fixtures.workload.report_videos
    folder = str(fixtures.folder / "report")
    cost, size = measured_once(make_report_of, videos, folder, cores=fixtures.cores[:1])
    page, memory = f"{size / 1e6:.2f}", f"{cost.grown_bytes / 1e6:.0f}"
    table = Table(
        "The report",
        "The page of one run from its artifacts, once, on one core; memory is what the process takes beyond its "
        "libraries. Without filmstrips and overlays, which take the same time for any number of videos.",
        ("test videos", "CPU s", "wall s", "memory, MB", "page, MB"),
        [(f"{videos:,}", f"{cost.cpu_s:.1f}", f"{cost.wall_s:.1f}", memory, page)],
    )
    return Results([table])
