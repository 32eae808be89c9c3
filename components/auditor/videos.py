"""The videos of a run's splits, in memory, for the audits."""

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from components import features
from components.auditor.training_set import Added
from components.emptied_splits import require_videos
from components.errors import UserError
from components.example_counts import require_counts
from components.examples import is_added, is_pseudo_fake, read_records, source_of, text_feature
from components.metrics.scores import Scores, join
from components.served_model.scored import scores_of_all

_BATCH = 64
# Facts about a file that do not describe its content.
CONTAINER_FACTS = (
    features.SIZE_BYTES,
    features.WIDTH,
    features.HEIGHT,
    features.FPS,
    features.FRAME_COUNT_CLAIMED,
    features.DURATION_S,
    features.CODEC,
)


@dataclasses.dataclass(frozen=True)
class Videos:
    """N labelled videos.

    Attributes:
        ids: str [N].
        groups: str [N].
        splits: str [N].
        labels: int64 [N], FAKE = 1.
        frame_features: float32 [N, T, D], from the encoder.
        transformed: float32 [N, T, D], the input of the training.
        mask: bool [N, T].
        scores: the served model's [N].
        facts: the container facts of each video, None where unknown.
        meta: the columns of metadata.json of each video.
        digests: str [N], of the files; empty where unknown.
        added: what augmentation has made of them.
    """

    ids: np.ndarray
    groups: np.ndarray
    splits: np.ndarray
    labels: np.ndarray
    frame_features: np.ndarray
    transformed: np.ndarray
    mask: np.ndarray
    scores: Scores
    facts: Sequence[Mapping[str, str | float | None]]
    meta: Sequence[Mapping[str, str]]
    digests: np.ndarray
    added: Added

    def only(self, indices: np.ndarray) -> "Videos":
        """Returns the videos at these indices."""
        chosen: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Added | Scores):
                chosen[field.name] = value.of(indices)
            else:
                array = isinstance(value, np.ndarray)
                chosen[field.name] = value[indices] if array else [value[each] for each in indices]
        return Videos(**chosen)

    def of_split(self, split: str) -> np.ndarray:
        """Returns the indices of the videos of one split."""
        return np.flatnonzero(self.splits == split)


def read_videos(
    file_patterns: Mapping[str, Sequence[str]],
    served: Any,
    *,
    limit: int,
    seed: int,
    recorded: Mapping[str, int] | None = None,
) -> Videos:
    """Reads frame-feature examples (gzipped TFRecords) and scores them with the served model.

    The videos are sorted by id; Beam writes them in a different order each time.

    Args:
        file_patterns: by split.
        served: the served model from `tf.saved_model.load`; its transform is the one used in training.
        limit: of more videos than this, whole groups are drawn at random, as many as fit.
        seed: of the draw.
        recorded: the numbers of examples by split that there must be.

    Raises:
        UserError: if a split has no video or not as many as were recorded, or no group fits.
    """
    records = {split: list(read_records(*patterns).as_numpy_iterator()) for split, patterns in file_patterns.items()}
    splits = np.repeat(list(records), [len(found) for found in records.values()])
    for split, found in records.items():
        # The artifact's folder holds one for each split, and that the files.
        require_counts(os.path.dirname(os.path.dirname(file_patterns[split][0])), {split: len(found)}, recorded or {})
        require_videos(split, len(found))
    everything = [record for found in records.values() for record in found]
    examples = [tf.train.Example.FromString(record) for record in everything]
    by_id = np.argsort([text_feature(example, features.VIDEO_ID) for example in examples], kind="stable")
    # No model is tested on what augmentation has made.
    made = np.asarray([is_added(examples[index]) for index in by_id], bool)
    given, added = by_id[~made], by_id[made]
    groups = np.asarray([text_feature(examples[index], features.GROUP_ID) for index in given])
    kept = given[draw_groups(groups, limit, seed)]
    for split in sorted(set(records) - set(splits[kept])):
        raise UserError(
            f"audits.max_videos={limit}: of the {split} split no group fits among those that were drawn; type "
            "--max-videos with a larger number"
        )
    place = {text_feature(examples[index], features.VIDEO_ID): number for number, index in enumerate(kept)}
    sources = {index: place.get(source_of(examples[index])) for index in added}
    rows = [index for index in added if sources[index] is not None]
    transformed, scores = _served(served, [everything[index] for index in (*kept, *rows)])
    of_videos, of_added = [examples[index] for index in kept], [examples[index] for index in rows]
    return Videos(
        ids=np.asarray([text_feature(example, features.VIDEO_ID) for example in of_videos]),
        groups=np.asarray([text_feature(example, features.GROUP_ID) for example in of_videos]),
        splits=splits[kept],
        labels=np.asarray([text_feature(example, features.LABEL) == features.FAKE for example in of_videos], np.int64),
        frame_features=np.asarray(
            [example.features.feature[features.FRAME_FEATURES].float_list.value for example in of_videos], np.float32
        ).reshape(len(of_videos), *transformed.shape[1:]),
        transformed=transformed[: len(kept)],
        mask=_masks(of_videos),
        scores=scores.of(np.arange(len(kept))),
        facts=[{name: _fact(example, name) for name in CONTAINER_FACTS} for example in of_videos],
        meta=[_meta(example) for example in of_videos],
        digests=np.asarray([text_feature(example, features.CONTENT_DIGEST) for example in of_videos]),
        added=Added(
            transformed=transformed[len(kept) :],
            mask=_masks(of_added).reshape(-1, transformed.shape[1]),
            sources=np.asarray([sources[index] for index in rows], np.int64),
            pseudo_fakes=np.asarray([is_pseudo_fake(example) for example in of_added], bool),
        ),
    )


def _served(served: Any, records: list[bytes]) -> tuple[np.ndarray, Scores]:
    """Returns what the served model's transform makes of serialized examples, and its scores of them."""
    signatures = served.signatures
    transformed, scores = [], []
    for start in range(0, len(records), _BATCH):
        batch = tf.constant(records[start : start + _BATCH])
        transformed.append(signatures["transform_features"](examples=batch)[features.FRAME_FEATURES_XF].numpy())
        scores.append(scores_of_all(signatures["serving_default"](examples=batch)))
    return np.concatenate(transformed), join(scores)


def _masks(examples: list[tf.train.Example]) -> np.ndarray:
    return np.asarray([example.features.feature[features.FRAME_MASK].int64_list.value for example in examples], bool)


def draw_groups(groups: np.ndarray, limit: int, seed: int, key: str = "audits.max_videos") -> np.ndarray:
    """Draws whole groups at random, as many as fit into `limit` videos, and returns the indices of their videos.

    Args:
        groups: str [N], of each video.
        limit: the maximum number of videos.
        seed: of the draw.
        key: of the config, which sets the limit.

    Raises:
        UserError: if no group fits.
    """
    if len(groups) <= limit:
        return np.arange(len(groups))
    names, counts = np.unique(groups, return_counts=True)
    if counts.min() > limit:
        raise UserError(
            f"{key}={limit}: the smallest group has {counts.min()} videos, and groups are drawn whole; "
            f"type --{key.partition('.')[2].replace('_', '-')} {counts.min()}, or more"
        )
    left, chosen = limit, []
    for index in np.random.default_rng(seed).permutation(len(names)):
        if counts[index] <= left:
            chosen.append(names[index])
            left -= counts[index]
    return np.flatnonzero(np.isin(groups, chosen))


def _fact(example: tf.train.Example, name: str) -> str | float | None:
    feature = example.features.feature[name]
    kind = feature.WhichOneof("kind")
    if kind is None or not getattr(feature, kind).value:
        return None
    value = getattr(feature, kind).value[0]
    return value.decode() if isinstance(value, bytes) else float(value)


def _meta(example: tf.train.Example) -> dict[str, str]:
    return {
        name: text_feature(example, name) for name in example.features.feature if name.startswith(features.META_PREFIX)
    }
