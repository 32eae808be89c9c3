"""The cost of a video on one core: the notebook versus ours, by sampling, precision and kind of clip."""

from benchmarks import extraction_jobs, notebook_extraction
from benchmarks.fixtures import NO_BFLOAT16, Fixtures
from benchmarks.processes import Contender, median_cost, race, started
from benchmarks.results import Results, Table
from components.served_model.encoder_engine import Precision

_PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
_NOTEBOOK = "notebook"
# Without and with B-frames.
_KINDS = (False, True)


def _with_faces(precision: Precision) -> str:
    return f"uniform, {precision}, face"


def measure_extraction_cost(fixtures: Fixtures) -> Results:
    """Measures CPU and wall seconds per video; in each round every contender processes all clips of a kind."""
    cores = fixtures.cores_in_turn()
    contenders = {_NOTEBOOK: Contender(notebook_extraction.prepare, fixtures.weights, cores=next(cores))}
    for (engine, precision), encoder in fixtures.encoders.items():
        for sampling in ("first", "uniform") if engine == "tensorflow" else ("uniform",):
            name = f"{sampling}, {precision}" + (", OpenVINO" if engine == "openvino" else "")
            contenders[name] = Contender(extraction_jobs.loop, encoder, sampling, cores=next(cores))
        if engine == "tensorflow":
            face = Contender(extraction_jobs.loop, encoder, "uniform", "", (), "face", cores=next(cores))
            contenders[_with_faces(precision)] = face
    costs, rows = {}, []
    paths_of = {kind: fixtures.paths(b_frames=kind) for kind in _KINDS}
    with started(contenders):
        measured = {kind: race(contenders, fixtures.workload.rounds, paths) for kind, paths in paths_of.items()}
    for b_frames, by_name in measured.items():
        paths = paths_of[b_frames]
        for name, of_rounds in by_name.items():
            cost = median_cost(of_rounds, len(paths))
            costs[name, b_frames] = cost
            base = costs[_NOTEBOOK, b_frames]
            rows.append(
                (
                    "with B-frames" if b_frames else "without B-frames",
                    name,
                    f"{cost.cpu_s:.2f}",
                    f"{cost.wall_s:.2f}",
                    f"{base.cpu_s / cost.cpu_s:.1f}",
                    f"{base.wall_s / cost.wall_s:.1f}",
                )
            )

    def ratio(name: str, *kinds: bool) -> float:
        return sum(costs[_NOTEBOOK, kind].cpu_s for kind in kinds) / sum(costs[name, kind].cpu_s for kind in kinds)

    ratios: dict[str, float | None] = {}
    for precision in _PRECISIONS:
        known = ("tensorflow", precision) in fixtures.encoders
        for key, sampling, kinds in (
            (f"first_{precision}_cpu", "first", (False, True)),
            (f"uniform_{precision}_cpu", "uniform", (False,)),
            (f"uniform_{precision}_bframes_cpu", "uniform", (True,)),
        ):
            ratios[key] = ratio(f"{sampling}, {precision}", *kinds) if known else None
        ratios[f"face_{precision}_cpu"] = ratio(_with_faces(precision), *_KINDS) if known else None
    table = Table(
        "A video on one core",
        "Seconds for one 1080p30 clip of ten seconds, decoding and encoding of 20 frames, the decoder's process "
        f"counted in; median of {fixtures.workload.rounds} rounds over clips with groups of "
        f"{' and '.join(map(str, fixtures.workload.gops))} pictures. By how much ours is cheaper: notebook / ours. "
        "`face` looks for one in every sampled frame with blazeface; there is none.",
        ("clips", "way", "CPU s", "wall s", "CPU ratio", "wall ratio"),
        rows,
    )
    return Results([table], ratios, {key: NO_BFLOAT16 for key, value in ratios.items() if value is None})
