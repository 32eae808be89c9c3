"""The cost of scoring besides extraction, and the time to a single verdict.

Run it with `python -m benchmarks.scoring MODEL VIDEO...`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

import apache_beam as beam

from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import OUTCOMES
from components.json_lines import json_line
from components.served_model.folder import ModelFolder, open_model
from pipeline.runners.beam.extraction import extract_by_beam
from pipeline.score.videos import extraction_settings, score_videos

ROUNDS = 3
WORKERS = 2
# The lower bound for any command: TensorFlow, the model and the frames of one clip.
LEAST = """
import sys, numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
model.encode(tf.constant(np.zeros((20, 224, 224, 3), np.uint8))).numpy()
"""


def measure_scoring(path: str, videos: Sequence[str]) -> dict[str, float]:
    """Measures wall time, each variant in turn.

    Returns:
        `extraction` and `scoring` in videos per second, both with Beam in two freshly started processes, and
        `scoring_of_extraction`, their ratio; the seconds of `command`, from `deepfake score` to its verdict on the
        first video, and of `least`, and `command_of_least`, their ratio.
    """
    model = open_model(path)
    settings = extraction_settings(model, cache_dir="", face_model="")
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "score", videos[0], "--model", path]
    with tempfile.TemporaryDirectory() as folder:
        command += ["--cache-dir", "none", "--runs-dir", folder]
        ways: dict[str, Callable[[], object]] = {
            "extraction": lambda: _extract(videos, settings),
            "scoring": lambda: _score(videos, model, settings),
            "command": lambda: subprocess.run(command, check=True, capture_output=True),
            "least": lambda: subprocess.run([sys.executable, "-c", LEAST, path], check=True, capture_output=True),
        }
        rounds = [{name: _seconds(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    seconds = {name: statistics.median(each[name] for each in rounds) for name in ways}
    return {
        "extraction": len(videos) / seconds["extraction"],
        "scoring": len(videos) / seconds["scoring"],
        "scoring_of_extraction": seconds["extraction"] / seconds["scoring"],
        "command": seconds["command"],
        "least": seconds["least"],
        "command_of_least": seconds["command"] / seconds["least"],
    }


def _extract(videos: Sequence[str], settings: ExtractionSettings) -> None:
    def lines(extracted: beam.pvalue.DoOutputsTuple) -> beam.PCollection:
        return extracted[OUTCOMES] | beam.Map(json_line)

    extract_by_beam(videos, settings, lines, workers=WORKERS, beam_args=(), report_progress=lambda line: None)


def _score(videos: Sequence[str], model: ModelFolder, settings: ExtractionSettings) -> None:
    score_videos(videos, model, settings, workers=WORKERS, report_progress=lambda line: None)


def _seconds(way: Callable[[], object]) -> float:
    started = time.perf_counter()
    way()
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring")
    parser.add_argument("model")
    parser.add_argument("videos", nargs="+")
    arguments = parser.parse_args()
    print(json.dumps(measure_scoring(arguments.model, arguments.videos), indent=2))
