"""Recipes of training, compared on sources, or on kinds of forgeries, that they have not seen.

Run it with `python -m benchmarks.recipes FOLDER ...`, each a data set and one source; it prints a table in Markdown.
"""

import argparse
import dataclasses
import functools
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, StratifiedKFold

from benchmarks.recipe_footage import Extraction, Footage, Rows, read_footage
from benchmarks.report import markdown_table
from components.auditor.measuring import measure
from components.auditor.retraining import Recipe as Training
from components.auditor.retraining import Retraining
from components.auditor.training_set import Added, TrainingArrays
from components.cross_validator.normalization import Normalization, normalize
from components.metrics.scores import Scores
from components.trainer.settings import TrainerSettings
from components.trainer.trained_examples import is_trained_on
from components.video_decoding.crop import Crop

_RANDOM_FOLDS: Final = 5
_STOPPED_ON: Final = 0.2
_ZSCORE: Final = Normalization(normalization="zscore", clip=6.0)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One row of the table.

    Attributes:
        name: of the recipe.
        crop: of the frames.
        trainer: settings that differ from those before this table, see `_TRAINER`.
        given_fakes: the share of the data set's fakes that is trained on.
        pseudo_fakes: whether pseudo-fakes are trained on; then all that is trained on is compressed once more.
        variants: whether recompressed variants are trained on, too.
    """

    name: str
    crop: Crop
    trainer: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    given_fakes: float = 1.0
    pseudo_fakes: bool = False
    variants: bool = False


# Of `configs/dfdc.yaml` before there was a recommended recipe.
_TRAINER: Final = {"model": "gru", "frame_differences": True, "learning_rate": 1e-3, "epochs": 40, "patience": 8}
_ALONE: Final[dict[str, Any]] = {"pseudo_fakes": True, "given_fakes": 0.0}
_TRANSFORMER: Final = {"model": "transformer"}
_AVERAGED: Final = {**_TRANSFORMER, "members": 3, "weight_averaging": 0.95, "gradient_clip": 1.0}
RECIPES: Final = (
    Recipe("`gru`, real and fake", "center_square"),
    Recipe("`gru`, real and pseudo-fakes", "center_square", **_ALONE),
    Recipe("`gru`, real and fake", "face"),
    Recipe("`gru`, real, fake and pseudo-fakes", "face", pseudo_fakes=True),
    Recipe("`gru`, real and pseudo-fakes", "face", **_ALONE),
    Recipe("the same, and variants", "face", variants=True, **_ALONE),
    Recipe("the same with `transformer`", "face", _TRANSFORMER, variants=True, **_ALONE),
    Recipe("the same with 3 members and averaged weights", "face", _AVERAGED, variants=True, **_ALONE),
)


def main() -> None:
    """Trains each recipe with several seeds, with each source held out, and on random folds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recipes")
    parser.add_argument("folders", nargs="+", help="data sets, each with a metadata.json")
    parser.add_argument("--sources-by", default="", help="meta/<column> that tells sources; else each folder is one")
    parser.add_argument("--kinds-by", default="", help="meta/<column> of kinds of fakes to hold out instead")
    parser.add_argument("--weights", default="imagenet", help="of the encoder: imagenet, random:SEED or a file")
    parser.add_argument("--cache-dir", default="", help="folder that keeps features")
    parser.add_argument("--pseudo-fakes", type=int, default=3, help="of each real video")
    parser.add_argument("--variants", type=int, default=1, help="of each video")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each recipe on each fold")
    given = parser.parse_args()
    seeds = range(given.seeds)
    extraction = Extraction(given.weights, given.cache_dir, given.pseudo_fakes, given.variants)
    footage = {
        crop: read_footage(given.folders, extraction, crop, sources_by=given.sources_by, kinds_by=given.kinds_by)
        for crop in dict.fromkeys(recipe.crop for recipe in RECIPES)
    }
    first = next(iter(footage.values()))
    held_out = _kinds(first) if given.kinds_by else _sources(first)
    columns = {name: parts for name, parts in held_out.items() if len(np.unique(_labels(first, parts))) == 2}
    print(
        f"AUC, the mean over {len(seeds)} seeds and the 95 % interval of that mean, resampled by group: of "
        f"{len(first.ids)} videos, {first.given.labels.sum()} of them fake.\n"
    )
    rows = []
    for number, recipe in enumerate(RECIPES, 1):
        print(f"{number} of {len(RECIPES)}: {recipe.name}, {recipe.crop}", file=sys.stderr, flush=True)
        rows.append(_row(recipe, footage[recipe.crop], held_out, list(columns), seeds))
    print(markdown_table(("recipe", "random split", "each held out", *(f"without {name}" for name in columns)), rows))


_Parts = list[np.ndarray]


def _row(
    recipe: Recipe, footage: Footage, held_out: Mapping[str, _Parts], columns: Sequence[str], seeds: Sequence[int]
) -> tuple[str, ...]:
    random = StratifiedKFold(_RANDOM_FOLDS, shuffle=True, random_state=0)
    folds = [tested for _, tested in random.split(footage.ids, footage.given.labels)]
    scores = {name: _score_parts(recipe, footage, parts, seeds, without=name) for name, parts in held_out.items()}
    return (
        f"{recipe.crop}: {recipe.name}",
        _auc(footage, [folds], [_score_parts(recipe, footage, folds, seeds)]),
        _auc(footage, list(held_out.values()), list(scores.values())),
        *(_auc(footage, [held_out[name]], [scores[name]]) for name in columns),
    )


def _sources(footage: Footage) -> dict[str, _Parts]:
    """Returns by source the videos that are tested when it is held out."""
    return {str(name): [np.flatnonzero(footage.sources == name)] for name in np.unique(footage.sources)}


def _kinds(footage: Footage) -> dict[str, _Parts]:
    """Returns by kind of forgery, in folds of whole groups, its fakes and the REAL videos."""
    real = footage.given.labels == 0
    _, fold = np.unique(footage.groups, return_inverse=True)
    return {
        str(kind): [
            np.flatnonzero((fold % _RANDOM_FOLDS == number) & (real | (footage.kinds == kind)))
            for number in range(_RANDOM_FOLDS)
        ]
        for kind in np.unique(footage.kinds[~real])
    }


def _labels(footage: Footage, parts: _Parts) -> np.ndarray:
    return footage.given.labels[np.concatenate(parts)]


def _auc(footage: Footage, parts: Sequence[_Parts], scores: Sequence[np.ndarray | None]) -> str:
    known = [each for each in scores if each is not None]
    if len(known) < len(scores):
        return "no fakes to train on"
    some = np.concatenate([tested for each in parts for tested in each])
    return measure("", "auc", footage.given.labels[some], np.concatenate(known), footage.groups[some]).in_words(".2f")


def _score_parts(
    recipe: Recipe, footage: Footage, parts: _Parts, seeds: Sequence[int], *, without: str = ""
) -> np.ndarray | None:
    """Scores videos, float64 [K, seeds], by models that were trained without them, or None if these have no fakes.

    If a source or a kind is held out, no video of it is trained on, nor any of the groups that are tested.
    """
    found = []
    for tested in parts:
        away = np.isin(np.arange(len(footage.ids)), tested)
        if without:
            away |= np.isin(footage.groups, footage.groups[tested])
            away |= (footage.sources == without) | (footage.kinds == without)
        columns = [_scores(recipe, footage, np.flatnonzero(~away), tested, seed) for seed in seeds]
        known = [column.ranks for column in columns if column is not None]
        if len(known) < len(seeds):
            return None
        found.append(np.stack(known, axis=1))
    return np.concatenate(found)


def _scores(recipe: Recipe, footage: Footage, known: np.ndarray, tested: np.ndarray, seed: int) -> Scores | None:
    """Returns the scores of `tested` by a model that was trained on videos among `known`; None if it cannot."""
    splitter = GroupShuffleSplit(1, test_size=_STOPPED_ON, random_state=seed)
    train, evaluation = (known[part] for part in next(splitter.split(known, groups=footage.groups[known])))
    rows, stopped_on = _trained(recipe, footage, train), footage.given.only(evaluation)
    if len(np.unique(stopped_on.labels)) < 2:
        stopped_on = _trained(recipe, footage, evaluation)
    if len(np.unique(rows.labels)) < 2:
        return None
    parts = (footage.given, rows, stopped_on)
    everything, mask, labels, of_video = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("frame_features", "mask", "labels", "videos")
    )
    trained = len(footage.ids) + np.arange(len(rows.labels))
    retraining = _retraining(json.dumps({**_TRAINER, **recipe.trainer}), seed, mask.shape[1], everything.shape[2])
    none = Added(everything[:0], mask[:0], np.zeros(0, np.int64), np.zeros(0, bool))
    videos = TrainingArrays(
        ids=footage.ids[of_video],
        transformed=normalize(everything, mask, trained, _ZSCORE),
        mask=mask,
        groups=footage.groups[of_video],
        added=none,
    )
    return retraining.score(
        videos, labels, train=trained, evaluation=trained[-1] + 1 + np.arange(len(stopped_on.labels)), tested=tested
    )


@functools.cache
def _retraining(settings: str, seed: int, frames: int, feature_size: int) -> Retraining:
    """Builds a model once for all of its trainings, since that takes longer than one of them."""
    training = Training(
        TrainerSettings.model_validate_json(settings), given_fakes=1.0, seed=seed, calibration="none", clip=0.0
    )
    return Retraining(training, frames=frames, feature_size=feature_size)


def _trained(recipe: Recipe, footage: Footage, train: np.ndarray) -> Rows:
    rows = footage.augmented if recipe.pseudo_fakes else footage.given
    kept = np.isin(rows.videos, train) & (~rows.variants | recipe.variants)
    kept &= [
        bool(pseudo_fake)
        or is_trained_on(str(footage.ids[video]).encode(), fake=bool(label), given_fakes=recipe.given_fakes)
        for video, label, pseudo_fake in zip(rows.videos, rows.labels, rows.pseudo_fakes, strict=True)
    ]
    return rows.only(np.flatnonzero(kept))


if __name__ == "__main__":
    main()
