"""How much a run's figure depends on the seed, with the settings of its training or with others.

Run it with `python -m benchmarks.seeds runs/demo trainer.members=3 trainer.weight_averaging=0.9`; it prints a table in
Markdown.
"""

import argparse
import dataclasses

import numpy as np
import tensorflow as tf

from benchmarks.report import markdown_table
from components import features
from components.auditor.measuring import COMPARED_METRICS, measure
from components.auditor.retraining import Retraining, recipe_of
from components.auditor.videos import read_videos
from components.metrics.scores import side_by_side
from components.served_model.description import read_model_description
from components.trainer.settings import TrainerSettings
from pipeline.config.load import load_config
from pipeline.runs.artifacts import frame_features_and_model

SEEDS = 10


def main() -> None:
    """Trains with ten seeds on the train split, and evaluates each on the test split."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeds")
    parser.add_argument("run", help="folder of a finished run, whose features and splits are taken")
    parser.add_argument("settings", nargs="*", help="trainer.KEY=VALUE, over those of configs/demo.yaml")
    given = parser.parse_args()
    patterns, model_path = frame_features_and_model(given.run)
    videos = read_videos(patterns, tf.saved_model.load(model_path), limit=10_000, seed=0)
    settings = TrainerSettings(**load_config("demo", given.settings).trainer.model_dump())
    recipe = recipe_of(read_model_description(model_path))
    train, evaluation, tested = (videos.of_split(split) for split in features.SPLITS)
    labels, groups = videos.labels[tested], videos.groups[tested]
    _, frames, feature_size = videos.transformed.shape
    scores, aucs = [], []
    rows: list[tuple[str, ...]] = []
    for seed in range(SEEDS):
        chosen = dataclasses.replace(recipe, settings=settings, seed=seed)
        retraining = Retraining(chosen, frames=frames, feature_size=feature_size)
        scores.append(retraining.score(videos, videos.labels, train=train, evaluation=evaluation, tested=tested))
        auc, log_loss = (measure("", name, labels, scores[-1].for_metric(name), groups) for name in COMPARED_METRICS)
        aucs.append(auc.value)
        rows.append((str(seed), auc.in_words(), log_loss.in_words()))
        tf.keras.backend.clear_session()
    values, both = np.asarray(aucs, np.float64), side_by_side(scores)
    mean = (measure("", name, labels, both.for_metric(name), groups) for name in COMPARED_METRICS)
    rows.append(("mean", *(cell.in_words() for cell in mean)))
    print(f"{given.run}, {len(tested)} test videos, {' '.join(given.settings) or 'its settings'}\n")
    print(markdown_table(("seed", "AUC", "log loss"), rows))
    print(f"\nAUC: worst {np.min(values):.3f}, median {np.median(values):.3f}, best {np.max(values):.3f}")


if __name__ == "__main__":
    main()
