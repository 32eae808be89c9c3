"""Whole sources held out: how a model performs on videos of a camera, platform or data set that it has never seen."""

import os
from collections.abc import Callable

import numpy as np

from components import features
from components.auditor.finding import Measurement
from components.auditor.measuring import compare, measure
from components.auditor.retraining import Retraining
from components.auditor.videos import Videos
from components.errors import UserError
from components.metrics.scores import Scores, join

FOLDER = "folder"
_RANDOM, _HELD_OUT = "random split", "sources held out"


def hold_out_sources(
    videos: Videos, retraining: Retraining, sources_by: str, random: Callable[[], Scores]
) -> tuple[str, list[Measurement]]:
    """Scores the videos of each source, REAL and FAKE, by the model trained on all other sources and groups.

    The trainings keep the run's train and eval splits. For comparison, random folds show what a split that ignores
    sources would have shown.

    Args:
        videos: all of them.
        retraining: of the run's model.
        sources_by: `folder`, the one that a video lies in below the data root, or `meta/<column>`.
        random: returns out-of-fold scores [N] with random folds.

    Returns:
        A clause for the headline, and the measurements: of all videos together, and of each source with both classes.

    Raises:
        UserError: if there are fewer than two sources, or a class without videos where one is held out.
    """
    sources = _sources(videos, sources_by)
    names = [str(name) for name in np.unique(sources) if name]
    if len(names) < 2:
        raise UserError(
            f"audits.sources_by={sources_by!r}: {len(names)} sources are told apart there; name a column of "
            "metadata.json that tells where videos come from, or folder"
        )
    of_source = {name: np.flatnonzero(sources == name) for name in names}
    held_out = {
        name: _score_without(videos, retraining, tested, f"audits.sources_by={sources_by!r}: without {name!r}")
        for name, tested in of_source.items()
    }
    known = np.concatenate(list(of_source.values()))
    pooled = compare(
        "auc",
        videos.labels[known],
        videos.groups[known],
        (_RANDOM, random().of(known)),
        (_HELD_OUT, join(list(held_out.values()))),
        name="auc on all sources",
    )
    by_source = [
        measure(f"auc on {name}, not seen", "auc", videos.labels[tested], held_out[name].ranks, videos.groups[tested])
        for name, tested in of_source.items()
        if len(np.unique(videos.labels[tested])) == 2
    ]
    headline = f"kept from the training, sources by {sources_by} have AUC {pooled[1].in_words()}, which a random split "
    return f"{headline}would have shown as {pooled[0].in_words()}", [*pooled, *by_source]


def _score_without(videos: Videos, retraining: Retraining, tested: np.ndarray, message: str) -> Scores:
    """Scores the videos at these indices by a model trained on all others; `message` begins what a refusal says."""
    # A fake may have its original in another source.
    related = np.isin(videos.groups, videos.groups[tested])
    left = {split: np.flatnonzero((videos.splits == split) & ~related) for split in features.SPLITS[:2]}
    for split, indices in left.items():
        # Pseudo-fakes are in train alone.
        made = split == features.SPLITS[0] and np.isin(videos.added.sources, indices).any()
        if len(np.unique(videos.labels[indices])) < 2 and not made:
            raise UserError(
                f"{message} the {split} split has not both classes; name a column whose sources have videos of both"
            )
    train, evaluation = left.values()
    return retraining.score(videos, videos.labels, train=train, evaluation=evaluation, tested=tested)


def _sources(videos: Videos, sources_by: str) -> np.ndarray:
    if sources_by == FOLDER:
        return np.asarray([os.path.dirname(video_id) or "." for video_id in videos.ids])
    return np.asarray([row.get(sources_by, "") for row in videos.meta])
