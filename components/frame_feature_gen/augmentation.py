"""Pseudo-fakes of the train split: which there are, and how their frames come about."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import tensorflow as tf

from components import features
from components.examples import text_feature
from components.frame_feature_gen.self_blending import self_blend
from components.source_digest import source_digest
from components.video_decoding.faces.detectors import FaceDetection
from components.video_decoding.faces.face import Detect

TRAIN: Final = features.SPLITS[0]


def with_self_blended(split_and_record: tuple[str, bytes], copies: int) -> Iterator[tuple[str, bytes]]:
    """Yields a video example, and after a REAL one of the train split so many examples of pseudo-fakes of it.

    They have their source's group, so they are where it is, and an id of their own.
    """
    yield split_and_record
    split, record = split_and_record
    video = tf.train.Example.FromString(record)
    if split != TRAIN or text_feature(video, features.LABEL) != features.REAL:
        return
    for copy in range(copies):
        mark = f"{features.PSEUDO_FAKE_MARK.decode()}{copy}"
        pseudo_fake = tf.train.Example.FromString(record)
        _set_text(pseudo_fake, features.VIDEO_ID, text_feature(video, features.VIDEO_ID) + mark)
        _set_text(pseudo_fake, features.LABEL, features.FAKE)
        _set_text(pseudo_fake, features.AUGMENTATION, mark.removeprefix("#"))
        yield split, pseudo_fake.SerializeToString()


def load_detector() -> Detect:
    """Loads the detector that finds where to blend; always the one that needs no file, whatever the crop uses."""
    return FaceDetection("haar").load()


def augment(frames: np.ndarray, video: tf.train.Example, detect: Detect) -> np.ndarray:
    """Makes a pseudo-fake's frames, uint8 [n, S, S, 3] RGB, of its source's; the same example gives the same."""
    digest = hashlib.sha256(f"{_identity(video)} {text_feature(video, features.AUGMENTATION)}".encode()).digest()
    return self_blend(frames, detect, np.random.default_rng(list(digest)))


def augmentation_settings(video: tf.train.Example) -> dict[str, Any]:
    """What decides a pseudo-fake's features beside those of its source."""
    return {"augmentation": text_feature(video, features.AUGMENTATION), "blending": source_digest(__name__)}


def _identity(video: tf.train.Example) -> str:
    return text_feature(video, features.CONTENT_DIGEST) or text_feature(video, features.URI)


def _set_text(example: tf.train.Example, name: str, value: str) -> None:
    example.features.feature[name].bytes_list.value[:] = [value.encode()]
