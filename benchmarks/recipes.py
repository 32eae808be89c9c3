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

from benchmarks.recipe_footage import Extraction, Footage, read_footage
from benchmarks.report import markdown_table
from components.auditor.measuring import measure
from components.auditor.retraining import Recipe as Training
from components.auditor.retraining import Retraining
from components.auditor.training_set import Added
from components.cross_validator.normalization import Normalization, normalize
from components.metrics.scores import Scores
from components.trainer.settings import TrainerSettings
from components.trainer.trained_examples import is_trained_on
from components.video_decoding.crop import Crop

SEEDS: Final = (0, 1, 2)
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
RECIPES: Final = (
    Recipe("centre square, real and fake", "center_square"),
    Recipe("with pseudo-fakes", "center_square", pseudo_fakes=True),
    Recipe("pseudo-fakes alone", "center_square", **_ALONE),
    Recipe("face, real and fake", "face"),
    Recipe("with pseudo-fakes", "face", pseudo_fakes=True),
    Recipe("pseudo-fakes and a quarter of the fakes", "face", pseudo_fakes=True, given_fakes=0.25),
    Recipe("pseudo-fakes alone", "face", **_ALONE),
    Recipe("and variants", "face", variants=True, **_ALONE),
    Recipe("and variants, `frame_statistics`", "face", {"model": "frame_statistics"}, variants=True, **_ALONE),
    Recipe("and variants, without differences", "face", {"frame_differences": False}, variants=True, **_ALONE),
)


def main() -> None:
    """Trains each recipe with three seeds, with each source held out, and on random folds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recipes")
    parser.add_argument("folders", nargs="+", help="data sets, each with a metadata.json")
    parser.add_argument("--sources-by", default="", help="meta/<column> that tells sources; else each folder is one")
    parser.add_argument("--kinds-by", default="", help="meta/<column> of kinds of fakes to hold out instead")
    parser.add_argument("--weights", default="imagenet", help="of the encoder: imagenet, random:SEED or a file")
    parser.add_argument("--cache-dir", default="", help="folder that keeps features")
    parser.add_argument("--pseudo-fakes", type=int, default=3, help="of each real video")
    parser.add_argument("--variants", type=int, default=1, help="of each video")
    given = parser.parse_args()
    extraction = Extraction(given.weights, given.cache_dir, given.pseudo_fakes, given.variants)
    footage = {
        crop: read_footage(given.folders, extraction, crop, sources_by=given.sources_by, kinds_by=given.kinds_by)
        for crop in dict.fromkeys(recipe.crop for recipe in RECIPES)
    }
    first = next(iter(footage.values()))
    held_out = _kinds(first) if given.kinds_by else _sources(first)
    print(
        f"AUC, the mean over {len(SEEDS)} seeds and the 95 % interval of that mean, resampled by group: of "
        f"{len(first.ids)} videos, {first.given.labels.sum()} of them fake.\n"
    )
    rows = []
    for number, recipe in enumerate(RECIPES, 1):
        print(f"{number} of {len(RECIPES)}: {recipe.name}, {recipe.crop}", file=sys.stderr, flush=True)
        rows.append(_row(recipe, footage[recipe.crop], held_out))
    print(markdown_table(("recipe", "random split", *(f"without {name}" for name in held_out)), rows))


def _row(recipe: Recipe, footage: Footage, held_out: Mapping[str, list[np.ndarray]]) -> tuple[str, ...]:
    random = StratifiedKFold(_RANDOM_FOLDS, shuffle=True, random_state=0)
    folds = [tested for _, tested in random.split(footage.ids, footage.given.labels)]
    cells = [_auc(recipe, footage, folds, related=False)]
    for name, parts in held_out.items():
        cells.append(_auc(recipe, footage, parts, related=True, without=name))
    return f"{recipe.name} ({recipe.crop})", *cells


def _sources(footage: Footage) -> dict[str, list[np.ndarray]]:
    """Returns by source the videos that are tested when it is held out: all of its own, if they are of both classes."""
    found = {str(name): np.flatnonzero(footage.sources == name) for name in np.unique(footage.sources)}
    return {name: [some] for name, some in found.items() if len(np.unique(footage.given.labels[some])) == 2}


def _kinds(footage: Footage) -> dict[str, list[np.ndarray]]:
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


def _auc(recipe: Recipe, footage: Footage, parts: Sequence[np.ndarray], *, related: bool, without: str = "") -> str:
    """Measures videos by models that were trained without them; `related`: without all of their groups and sources."""
    scores = np.full((len(footage.ids), len(SEEDS)), np.nan)
    for tested in parts:
        away = np.isin(np.arange(len(footage.ids)), tested)
        if related:
            away |= np.isin(footage.groups, footage.groups[tested])
            away |= (footage.sources == without) | (footage.kinds == without)
        for column, seed in enumerate(SEEDS):
            found = _scores(recipe, footage, np.flatnonzero(~away), tested, seed)
            if found is None:
                return "no fakes to train on"
            scores[tested, column] = found.ranks
    some = np.concatenate(list(parts))
    return measure("", "auc", footage.given.labels[some], scores[some], footage.groups[some]).in_words(".2f")


@dataclasses.dataclass(frozen=True)
class _Videos:
    """The videos as given, and then those as they are trained on; see `TrainingVideos` of the Auditor."""

    ids: np.ndarray
    transformed: np.ndarray
    mask: np.ndarray
    groups: np.ndarray
    added: Added


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
    videos = _Videos(
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


def _trained(recipe: Recipe, footage: Footage, train: np.ndarray) -> Any:
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
