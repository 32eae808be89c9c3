"""What memory a worker takes, and that it does not grow with the number of videos."""

from benchmarks import extraction_jobs
from benchmarks.fixtures import Laboratory
from benchmarks.processes import Contender
from benchmarks.results import Findings, Table


def measure_memory(laboratory: Laboratory) -> Findings:
    """Reads each worker's peak after few and after many videos; two workers run at a time, each on its core."""
    marks = laboratory.extent.memory_videos
    videos = laboratory.videos(marks[1])
    precision = laboratory.best_precision
    engines = [engine for engine, of in laboratory.encoders if of == precision]
    contenders = {}
    for position, engine in enumerate(engines):
        encoder = laboratory.encoders[engine, precision]
        core = laboratory.cores[position % len(laboratory.cores)]
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
    return Findings([table], {f"memory_{engine}_many_of_few": many / few for engine, (few, many) in peaks.items()})
