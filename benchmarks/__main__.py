"""`python -m benchmarks [--quick]`: measures, prints, and writes `RESULTS.md` and `results.json` next to this file."""

import argparse
import datetime
import os
import pathlib
import tempfile
import warnings

from benchmarks.machine import describe_machine
from benchmarks.results import merged
from benchmarks.workload import FULL, QUICK


def main() -> None:
    """Runs all measurements, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few rounds and few videos: minutes")
    parser.add_argument("--weights", default="random:0", help="as encoder.weights; they do not change the speed")
    arguments = parser.parse_args()
    machine = describe_machine()
    # Set only what does not affect speed, since all contenders inherit it, including the notebook's extraction.
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["PYTHONWARNINGS"] = "ignore"
    warnings.filterwarnings("ignore")

    from benchmarks.caching import measure_caching
    from benchmarks.encoder_speed import measure_encoder_speed
    from benchmarks.extraction_cost import measure_extraction_cost
    from benchmarks.fixtures import set_up
    from benchmarks.large_manifest import measure_large_manifest
    from benchmarks.long_clip import measure_long_clip
    from benchmarks.memory import measure_memory
    from benchmarks.report import write_report
    from benchmarks.report_making import measure_report_making
    from benchmarks.scaling import measure_scaling
    from benchmarks.training import measure_training
    from benchmarks.windows import measure_windows

    measurements = (
        measure_extraction_cost,
        measure_encoder_speed,
        measure_long_clip,
        measure_windows,
        measure_caching,
        measure_scaling,
        measure_memory,
        measure_training,
        measure_report_making,
        measure_large_manifest,
    )
    with tempfile.TemporaryDirectory(prefix="deepfake-benchmark-") as folder:
        _say("drawing clips and building encoders")
        fixtures = set_up(pathlib.Path(folder), QUICK if arguments.quick else FULL, arguments.weights)
        parts = []
        for measure in measurements:
            _say(measure.__module__.split(".")[-1].replace("_", " "))
            parts.append(measure(fixtures))
    target = pathlib.Path(__file__).parent
    date = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    write_report(target, merged(parts), machine, quick=arguments.quick, date=date)
    print((target / "RESULTS.md").read_text())


def _say(what: str) -> None:
    print(f"{datetime.datetime.now():%H:%M:%S} {what}", flush=True)


if __name__ == "__main__":
    main()
