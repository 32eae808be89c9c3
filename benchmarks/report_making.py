"""Time and size of a run's report."""

import pathlib

from benchmarks.fixtures import Fixtures
from benchmarks.processes import Contender, Job, peak_bytes
from benchmarks.results import Results, Table


def make_report_of(videos: int, folder: str) -> Job:
    """Renders a run with `videos` test videos and no filmstrips, whose cost does not depend on that number."""
    from benchmarks.report_artifacts import write_artifacts
    from components.report_gen.rendering import make_report

    run = write_artifacts(pathlib.Path(folder), videos, filmstrips=0)
    before = peak_bytes()

    def job() -> tuple[int, int]:
        page = make_report(run.sources, run.settings)
        return len(page.encode()), peak_bytes() - before

    return job


def measure_report_making(fixtures: Fixtures) -> Results:
    """Measures once, on one core."""
    videos = fixtures.workload.report_videos
    maker = Contender(make_report_of, videos, str(fixtures.folder / "report"), cores=fixtures.cores[:1])
    maker.ready()
    maker.begin()
    cost, (size, memory) = maker.finish()
    maker.close()
    table = Table(
        "The report",
        "The page of one run from its artifacts, once, on one core; memory is what the process takes beyond its "
        "libraries. Without filmstrips and overlays, which take the same time for any number of videos.",
        ("test videos", "CPU s", "wall s", "memory, MB", "page, MB"),
        [(f"{videos:,}", f"{cost.cpu_s:.1f}", f"{cost.wall_s:.1f}", f"{memory / 1e6:.0f}", f"{size / 1e6:.2f}")],
    )
    return Results([table])
