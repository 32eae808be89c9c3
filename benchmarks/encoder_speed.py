"""The encoder's frames per second on one core, versus its competitors and the processor's peak."""

from benchmarks import encoder_jobs
from benchmarks.fixtures import NO_BFLOAT16, NO_OPENVINO, Fixtures
from benchmarks.machine import is_installed
from benchmarks.processes import Contender, median_cost, race, started
from benchmarks.results import Results, Table

# Multiplications plus additions of InceptionV3 at 224x224.
_FLOP_A_FRAME = 5.67e9
_GEMMS = 10


def measure_encoder_speed(fixtures: Fixtures) -> Results:
    """Measures frames per CPU second, and the share of the matrix product's throughput in the same precision."""
    cores, batches = fixtures.cores_in_turn(), fixtures.workload.encoder_batches
    contenders = {}
    for (engine, precision), path in fixtures.encoders.items():
        contenders[f"{engine} {precision}"] = Contender(encoder_jobs.ours, path, batches, cores=next(cores))
        if engine == "tensorflow":
            contenders[f"gemm {precision}"] = Contender(encoder_jobs.gemm, precision, _GEMMS, cores=next(cores))
    if is_installed("onnxruntime", "tf2onnx"):
        path = fixtures.encoders["tensorflow", "float32"]
        contenders["onnxruntime float32"] = Contender(encoder_jobs.onnx_runtime, path, batches, cores=next(cores))
    keras_predict = Contender(encoder_jobs.keras_predict, fixtures.weights, batches, cores=next(cores))
    contenders["keras predict float32"] = keras_predict
    with started(contenders):
        costs = {name: median_cost(of) for name, of in race(contenders, fixtures.workload.rounds).items()}
    gemm = {
        name.split()[1]: _GEMMS * encoder_jobs.GEMM_FLOP / cost.cpu_s
        for name, cost in costs.items()
        if name.startswith("gemm")
    }
    speed = {
        name: batches * encoder_jobs.BATCH / cost.cpu_s for name, cost in costs.items() if not name.startswith("gemm")
    }
    ratios: dict[str, float | None] = {}
    reasons = {}
    for precision in ("float32", "bfloat16"):
        ours, theirs = speed.get(f"tensorflow {precision}"), speed.get(f"openvino {precision}")
        key = f"encoder_{precision}_of_openvino"
        ratios[key] = ours / theirs if ours and theirs else None
        if ratios[key] is None:
            reasons[key] = NO_OPENVINO if ours else NO_BFLOAT16
    table = Table(
        "The encoder on one core",
        "Frames per CPU second on one thread, batches of 20, the same weights; share of the best matrix product of "
        + " and ".join(f"{best / 1e9:.0f} GFLOP/s in {precision}" for precision, best in gemm.items())
        + ". Memory is the peak of the whole process, libraries included.",
        ("engine", "frames/s", "share of GEMM", "peak memory, GB"),
        [
            (
                name,
                f"{frames:.1f}",
                f"{frames * _FLOP_A_FRAME / gemm[name.split()[-1]]:.0%}",
                f"{costs[name].peak_bytes / 1e9:.2f}",
            )
            for name, frames in speed.items()
        ],
    )
    return Results([table], ratios, reasons)
