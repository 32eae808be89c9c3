"""All architectures, with and without frame differences, on the features of a finished run.

Run it with `python -m benchmarks.architectures runs/demo --family meta/family`; it prints a table in Markdown.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from benchmarks.report import markdown_table
from components import features
from components.auditor.measuring import COMPARED_METRICS, measure
from components.auditor.retraining import Recipe, Retraining
from components.auditor.videos import Videos, read_videos
from components.metrics.scores import side_by_side
from components.served_model.description import read_model_description
from components.trainer.architectures import ARCHITECTURES
from components.trainer.settings import TrainerSettings
from pipeline.runs.artifacts import frame_features_and_model

SEEDS = (0, 1, 2)
_METRICS = (*COMPARED_METRICS, "expected_calibration_error")


def main() -> None:
    """Trains each with three seeds on the train split only, and evaluates on the test split."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.architectures")
    parser.add_argument("run", help="folder of a finished run, whose settings are kept but for the architecture")
    parser.add_argument("--family", default="meta/family", help="column of metadata.json that tells kinds of fakes")
    arguments = parser.parse_args()
    patterns, model_path = frame_features_and_model(arguments.run)
    videos = read_videos(patterns, tf.saved_model.load(model_path), limit=10_000, seed=0)
    settings = TrainerSettings(**read_model_description(model_path).trainer).model_dump()
    header = ("`trainer.model`", "differences", "AUC", "log loss", "calibration error")
    print(
        f"Test split of {arguments.run}, {len(videos.of_split('test'))} videos; the mean over {len(SEEDS)} seeds and "
        "the 95 % interval of that mean, resampled by group; each family against all REAL videos.\n"
    )
    print(markdown_table((*header, *_families(videos, arguments.family)), _rows(videos, settings, arguments.family)))


def _rows(videos: Videos, settings: dict[str, object], family: str) -> Iterator[tuple[str, ...]]:
    train, evaluation, tested = (videos.of_split(split) for split in features.SPLITS)
    labels, groups = videos.labels[tested], videos.groups[tested]
    _, frames, feature_size = videos.transformed.shape
    kinds = np.asarray([row.get(family, "") for row in videos.meta])[tested]
    for model in ARCHITECTURES:
        for frame_differences in (False, True):
            chosen = {**settings, "model": model, "hyperparameters": {}, "frame_differences": frame_differences}
            columns = []
            for seed in SEEDS:
                recipe = Recipe(
                    TrainerSettings(**chosen), given_fakes=1.0, seed=seed, calibration="temperature", clip=0.01
                )
                retraining = Retraining(recipe, frames=frames, feature_size=feature_size)
                columns.append(
                    retraining.score(videos, videos.labels, train=train, evaluation=evaluation, tested=tested)
                )
            scores = side_by_side(columns)
            measurements = [measure("", metric, labels, scores.for_metric(metric), groups) for metric in _METRICS]
            for kind in _families(videos, family):
                some = (labels == 0) | (kinds == kind)
                measurements.append(measure("", "auc", labels[some], scores.ranks[some], groups[some]))
            yield (
                f"`{model}`",
                "yes" if frame_differences else "no",
                *(measurement.in_words(".2f") for measurement in measurements),
            )


def _families(videos: Videos, family: str) -> list[str]:
    return sorted({row.get(family, "") for row, label in zip(videos.meta, videos.labels, strict=True) if label})


if __name__ == "__main__":
    main()
