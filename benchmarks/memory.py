"""A worker's memory, and that it does not grow with the number of videos."""

from benchmarks import extraction_jobs
from benchmarks.fixtures import Fixtures
from benchmarks.processes import Contender
from benchmarks.results import Results, Table


def measure_memory(fixtures: Fixtures) -> Results:
    """Reads each worker's peak after few and after many videos; two workers run at a time, each on its own core."""
    marks = fixtures.workload.memory_videos
    videos = fixtures.videos(marks[1])
    precision = fixtures.best_precision
    engines = [engine for engine, of in fixtures.encoders if of == precision]
    contenders = {}
    for position, engine in enumerate(engines):
        encoder = fixtures.encoders[engine, precision]
        core = fixtures.cores[position % len(fixtures.cores)]
        contenders[engine] = Contender(extraction_jobs.loop, encoder, "first", "", marks, cores=(core,))
    for contender in contenders.values():
        contender.ready()
        contender.begin(videos)
    peaks = {engine: contender.finish()[1] for engine, contender in contenders.items()}
    for contender in contenders.values():
        contender.close()
    table = Table(
        "A worker's memory",
        f"Peak of the process that encodes, in {precision}, its libraries included; its decoder is another process.",
        ("engine", *(f"GB after {count} videos" for count in marks), "growth"),
        [
            (engine, f"{few / 1e9:.2f}", f"{many / 1e9:.2f}", f"{many / few - 1:.1%}")
            for engine, (few, many) in peaks.items()
        ],
    )
    return Results([table], {f"memory_{engine}_many_of_few": many / few for engine, (few, many) in peaks.items()})
