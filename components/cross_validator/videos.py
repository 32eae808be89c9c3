"""All videos of a data set, in memory."""

import dataclasses
import os
from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from components import features
from components.emptied_splits import require_videos
from components.errors import UserError
from components.example_counts import require_counts
from components.examples import count_records, is_added, is_pseudo_fake, read_records, source_of, text_feature
from components.metrics.facts import facts

# Features as encoded, as normalized for a fold, and the part that is being trained on; each float32.
_BYTES_A_FEATURE = 3 * 4


@dataclasses.dataclass(frozen=True)
class Videos:
    """N labelled videos, and then M examples that augmentation has made of them; both sorted by id.

    Attributes:
        ids: str [N + M].
        uris: str [N + M].
        groups: str [N + M].
        splits: str [N + M].
        labels: int64 [N + M], FAKE = 1.
        synthetic: bool [N + M].
        frame_features: float32 [N + M, T, D], from the encoder.
        mask: bool [N + M, T].
        facts: of each example, for slices.
        sources: int64 [M], indices of the videos that the latter were made of.
        pseudo_fakes: bool [M].
    """

    ids: np.ndarray
    uris: np.ndarray
    groups: np.ndarray
    splits: np.ndarray
    labels: np.ndarray
    synthetic: np.ndarray
    frame_features: np.ndarray
    mask: np.ndarray
    facts: Sequence[dict[str, str]]
    sources: np.ndarray
    pseudo_fakes: np.ndarray

    @property
    def given(self) -> int:
        """How many are videos of the data set, N."""
        return len(self.ids) - len(self.sources)


def read_videos(file_patterns: Mapping[str, Sequence[str]], recorded: Mapping[str, int]) -> Videos:
    """Reads frame-feature examples (gzipped TFRecords).

    Args:
        file_patterns: by split.
        recorded: the numbers of examples by split that there must be.

    Raises:
        UserError: if a split has no video or not as many as were recorded, or memory does not hold all videos.
    """
    counts = {split: count_records(*patterns) for split, patterns in file_patterns.items()}
    for split, count in counts.items():
        # The artifact's folder holds one for each split, and that the files.
        require_counts(os.path.dirname(os.path.dirname(file_patterns[split][0])), {split: count}, recorded)
        require_videos(split, count)
    frames, feature_size = _shape(next(iter(file_patterns.values())))
    _require_memory(sum(counts.values()), frames * feature_size)
    rows = sorted(
        (
            (split, tf.train.Example.FromString(record))
            for split, patterns in file_patterns.items()
            for record in read_records(*patterns).as_numpy_iterator()
        ),
        # Beam writes them in a different order each time.
        key=lambda row: (is_added(row[1]), text_feature(row[1], features.VIDEO_ID)),
    )
    examples = [example for _, example in rows]
    added = [example for example in examples if is_added(example)]
    place = {text_feature(example, features.VIDEO_ID): index for index, example in enumerate(examples)}

    def texts(name: str) -> np.ndarray:
        return np.asarray([text_feature(example, name) for example in examples])

    frame_features = np.empty((len(examples), frames, feature_size), np.float32)
    for index, example in enumerate(examples):
        values = example.features.feature[features.FRAME_FEATURES].float_list.value
        frame_features[index] = np.asarray(values, np.float32).reshape(frame_features.shape[1:])
        # Its message takes as much memory again.
        del example.features.feature[features.FRAME_FEATURES]
    masks = [example.features.feature[features.FRAME_MASK].int64_list.value for example in examples]
    return Videos(
        ids=texts(features.VIDEO_ID),
        uris=texts(features.URI),
        groups=texts(features.GROUP_ID),
        splits=np.asarray([split for split, _ in rows]),
        labels=(texts(features.LABEL) == features.FAKE).astype(np.int64),
        synthetic=texts(features.SYNTHETIC) == "true",
        frame_features=frame_features,
        mask=np.asarray(masks, bool),
        facts=[facts(example) for example in examples],
        sources=np.asarray([place[source_of(example)] for example in added], np.int64),
        pseudo_fakes=np.asarray([is_pseudo_fake(example) for example in added], bool),
    )


def _shape(patterns: Sequence[str]) -> tuple[int, int]:
    """Returns T and D, as in the first example."""
    first = next(iter(read_records(*patterns).as_numpy_iterator()))
    feature = tf.train.Example.FromString(first).features.feature
    frames = len(feature[features.FRAME_MASK].int64_list.value)
    return frames, len(feature[features.FRAME_FEATURES].float_list.value) // frames


def _require_memory(videos: int, values: int) -> None:
    needed, there = videos * values * _BYTES_A_FEATURE, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > there / 2:
        raise UserError(
            f"evaluator.cross_validation: {videos} videos would take {needed / 1e9:.0f} GB of memory, more than half "
            f"of this machine's {there / 1e9:.0f} GB; it is meant for small data sets, so set it to 0"
        )
