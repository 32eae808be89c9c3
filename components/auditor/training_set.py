"""What a retraining is trained on: videos, and what augmentation has made of them."""

import dataclasses
from typing import Any, Protocol

import numpy as np

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF
from components.trainer.trained_examples import Counts, is_trained_on


@dataclasses.dataclass(frozen=True)
class Added:
    """M examples that augmentation has made of N videos.

    Attributes:
        transformed: float32 [M, T, D], the input of the training.
        mask: bool [M, T].
        sources: int64 [M], indices of the videos they were made of.
        pseudo_fakes: bool [M]; the others have their source's label.
    """

    transformed: np.ndarray
    mask: np.ndarray
    sources: np.ndarray
    pseudo_fakes: np.ndarray

    def of(self, indices: np.ndarray) -> "Added":
        """Returns what was made of the videos at these indices, by which the videos are then renumbered."""
        places = {int(index): place for place, index in enumerate(indices)}
        kept = [row for row, source in enumerate(self.sources) if int(source) in places]
        sources = np.asarray([places[int(self.sources[row])] for row in kept], np.int64)
        return Added(self.transformed[kept], self.mask[kept], sources, self.pseudo_fakes[kept])


class TrainingVideos(Protocol):
    """N videos to train on."""

    @property
    def ids(self) -> np.ndarray:
        """Str [N]."""

    @property
    def transformed(self) -> np.ndarray:
        """Float32 [N, T, D], the input of the training."""

    @property
    def mask(self) -> np.ndarray:
        """Bool [N, T]."""

    @property
    def groups(self) -> np.ndarray:
        """Str [N]."""

    @property
    def added(self) -> Added:
        """What augmentation has made of them."""


@dataclasses.dataclass(frozen=True)
class TrainingArrays:
    """The `TrainingVideos` of whoever holds no more of the videos than that."""

    ids: np.ndarray
    transformed: np.ndarray
    mask: np.ndarray
    groups: np.ndarray
    added: Added


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """What is trained on.

    Attributes:
        inputs: of the model, by name.
        labels: int64 [K].
        given: how many of the videos have each label, trained on or not.
    """

    inputs: dict[str, np.ndarray]
    labels: np.ndarray
    given: Counts

    @property
    def trained(self) -> Counts:
        """How many examples have each label."""
        return counts(self.labels)


def training_set(
    videos: TrainingVideos, labels: np.ndarray, train: np.ndarray, *, given_fakes: float, augmented: bool
) -> TrainingSet:
    """Returns videos as the run would train on them.

    Args:
        videos: all N of them.
        labels: int64 [N], used instead of the videos' own.
        train: indices.
        given_fakes: the share of the fakes among them that is trained on, see `is_trained_on`.
        augmented: whether what augmentation has made of them is added; otherwise all of the fakes are trained on.
    """
    if not augmented:
        return TrainingSet(inputs_of(videos, train), labels[train], counts(labels[train]))
    kept = np.asarray(
        [
            is_trained_on(str(videos.ids[index]).encode(), fake=bool(labels[index]), given_fakes=given_fakes)
            for index in train
        ],
        bool,
    )
    added = videos.added
    rows = np.flatnonzero(np.isin(added.sources, train[kept]) | (added.pseudo_fakes & np.isin(added.sources, train)))
    inputs = inputs_of(videos, train[kept])
    if len(rows):
        more = {FRAME_FEATURES_XF: added.transformed[rows], FRAME_MASK_XF: added.mask[rows]}
        inputs = {name: np.concatenate([inputs[name], more[name]]) for name in inputs}
    of_added = np.where(added.pseudo_fakes[rows], 1, labels[added.sources[rows]])
    return TrainingSet(inputs, np.concatenate([labels[train[kept]], of_added]), counts(labels[train]))


def inputs_of(videos: TrainingVideos, indices: np.ndarray) -> dict[str, Any]:
    """Returns the model's inputs for the videos at these indices."""
    return {FRAME_FEATURES_XF: videos.transformed[indices], FRAME_MASK_XF: videos.mask[indices]}


def counts(labels: np.ndarray) -> Counts:
    """Counts int64 [K] labels."""
    fakes = int(labels.sum())
    return Counts(len(labels) - fakes, fakes)
