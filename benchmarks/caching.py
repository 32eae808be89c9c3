"""A cold feature cache versus a warm one."""

import pathlib
import struct
from collections.abc import Sequence

from benchmarks import extraction_jobs
from benchmarks.fixtures import Fixtures
from benchmarks.processes import Contender
from benchmarks.results import Results, Table


def measure_caching(fixtures: Fixtures) -> Results:
    """Extracts the same videos twice, with one worker."""
    videos = _distinct(fixtures.videos(fixtures.workload.cache_videos), fixtures.folder / "distinct")
    encoder = fixtures.encoders["tensorflow", fixtures.best_precision]
    cache = str(fixtures.folder / "cache")
    worker = Contender(extraction_jobs.loop, encoder, "uniform", cache, cores=fixtures.cores[:1])
    worker.ready()
    cold, warm = worker.measure(videos), worker.measure(videos)
    worker.close()
    table = Table(
        "The feature cache",
        f"Seconds a video, over {len(videos)} videos in {fixtures.best_precision}, uniform, one core.",
        ("cache", "CPU s", "wall s"),
        [
            (name, f"{cost.cpu_s / len(videos):.4f}", f"{cost.wall_s / len(videos):.4f}")
            for name, cost in (("cold", cold), ("warm", warm))
        ],
    )
    return Results([table], {"warm_of_cold_cache": warm.wall_s / cold.wall_s})


def _distinct(videos: Sequence[str], folder: pathlib.Path) -> list[str]:
    """Makes copies with distinct digests, so that a clip that occurs twice is not found in the cache."""
    folder.mkdir()
    copies = []
    for index, video in enumerate(videos):
        copy = folder / f"{index}.mp4"
        # Decoders ignore an empty box at the end of an mp4.
        copy.write_bytes(pathlib.Path(video).read_bytes() + struct.pack(">I4sI", 12, b"free", index))
        copies.append(str(copy))
    return copies
