"""What augmentation adds to the train split, and how each of its videos is altered."""

import hashlib
import importlib.metadata
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import tensorflow as tf

from components import features
from components.examples import is_pseudo_fake, is_variant, text_feature
from components.frame_feature_gen.drawn_distortions import draw_compression, draw_recompression
from components.source_digest import source_digest
from components.video_decoding.alteration import alter
from components.video_decoding.alteration.alteration import Alteration
from components.video_decoding.faces.litert import PACKAGES

TRAIN: Final = features.SPLITS[0]

_COMPRESSED: Final = "compressed"


def add_augmented(
    split_and_record: tuple[str, bytes], *, self_blended: int, recompressed: int
) -> Iterator[tuple[str, bytes]]:
    """Yields a video example and, if it is of the train split, the examples that augmentation makes of it.

    A REAL one has pseudo-fakes, and then each of these and of the given ones has recompressed variants. All have
    their source's group, so they stay in the same split, and their own ids. Where there are pseudo-fakes, all of the
    train split are compressed once more, so that compression does not tell them from the given videos.
    """
    split, record = split_and_record
    if split != TRAIN:
        yield split_and_record
        return
    video = tf.train.Example.FromString(record)
    made = [_marked(video, "", _COMPRESSED if self_blended else "")]
    if text_feature(video, features.LABEL) == features.REAL:
        for copy in range(self_blended):
            mark = f"{features.PSEUDO_FAKE_MARK.decode()}{copy}"
            made.append(_marked(video, mark, mark))
            _set_text(made[-1], features.LABEL, features.FAKE)
    for each in made:
        yield split, each.SerializeToString()
        for variant in range(recompressed):
            mark = f"{features.VARIANT_MARK.decode()}{variant}"
            kinds = text_feature(each, features.AUGMENTATION) if is_pseudo_fake(each) else ""
            yield split, _marked(each, mark, kinds + mark).SerializeToString()


def alteration_of(video: tf.train.Example) -> Alteration | None:
    """Returns how a video's frames are altered; the same for the same content and augmentation."""
    kinds = text_feature(video, features.AUGMENTATION)
    if not kinds:
        return None
    draw = draw_recompression if is_variant(video) else draw_compression
    # A pseudo-fake's variants are of the same pseudo-fake.
    blended = kinds.partition(features.VARIANT_MARK.decode())[0]
    seed = int.from_bytes(_digest(video, blended)[:8], "big") if is_pseudo_fake(video) else None
    return Alteration(seed, draw(np.random.default_rng(list(_digest(video, kinds)))))


def augmentation_settings(kinds: str) -> dict[str, Any]:
    """Returns what determines the features of a video with this augmentation, besides those of any other."""
    libraries = {package: importlib.metadata.version(package) for package in PACKAGES.values()}
    return {"augmentation": kinds, "code": source_digest(__name__, alter.__name__), "libraries": libraries}


def _marked(video: tf.train.Example, mark: str, kinds: str) -> tf.train.Example:
    marked = tf.train.Example()
    marked.CopyFrom(video)
    _set_text(marked, features.VIDEO_ID, text_feature(video, features.VIDEO_ID) + mark)
    if kinds:
        _set_text(marked, features.AUGMENTATION, kinds.removeprefix("#"))
    return marked


def _digest(video: tf.train.Example, kinds: str) -> bytes:
    identity = text_feature(video, features.CONTENT_DIGEST) or text_feature(video, features.URI)
    return hashlib.sha256(f"{identity} {kinds}".encode()).digest()


def _set_text(example: tf.train.Example, name: str, value: str) -> None:
    example.features.feature[name].bytes_list.value[:] = [value.encode()]
