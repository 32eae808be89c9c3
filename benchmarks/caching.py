"""A cold feature cache against a warm one."""

from benchmarks import extraction_jobs
from benchmarks.findings import Findings, Table
from benchmarks.laboratory import Laboratory
from benchmarks.processes import Contender


def measure_caching(laboratory: Laboratory) -> Findings:
    """Extracts the same videos twice, in one worker."""
    videos = laboratory.videos(laboratory.extent.cache_videos)
    encoder = laboratory.encoders["tensorflow", laboratory.best_precision]
    cache = str(laboratory.folder / "cache")
    worker = Contender(extraction_jobs.loop, encoder, "uniform", cache, cores=laboratory.cores[:1])
    worker.ready()
    cold, warm = worker.measure(videos), worker.measure(videos)
    worker.close()
    table = Table(
        "The feature cache",
        f"Seconds a video, over {len(videos)} videos in {laboratory.best_precision}, uniform, one core.",
        ("cache", "CPU s", "wall s"),
        [
            (name, f"{cost.cpu_s / len(videos):.4f}", f"{cost.wall_s / len(videos):.4f}")
            for name, cost in (("cold", cold), ("warm", warm))
        ],
    )
    return Findings([table], {"warm_of_cold_cache": warm.wall_s / cold.wall_s})
