"""Pseudo-fakes of the train split: which ones there are, and how their frames are made."""

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


def add_self_blended(split_and_record: tuple[str, bytes], copies: int) -> Iterator[tuple[str, bytes]]:
    """Yields a video example and, if it is a REAL one of the train split, `copies` pseudo-fake examples of it.

    A pseudo-fake has its source's group, so it stays in the same split, and its own id.
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
    """Loads the detector that finds where to blend; always the default one, whatever the crop uses."""
    return FaceDetection("blazeface").load()


def augment(frames: np.ndarray, video: tf.train.Example, detect: Detect) -> np.ndarray:
    """Makes a pseudo-fake's frames, uint8 [n, S, S, 3] RGB, from its source's; deterministic for a given example."""
    digest = hashlib.sha256(f"{_identity(video)} {text_feature(video, features.AUGMENTATION)}".encode()).digest()
    return self_blend(frames, detect, np.random.default_rng(list(digest)))


def augmentation_settings(video: tf.train.Example) -> dict[str, Any]:
    """What determines a pseudo-fake's features besides its source's settings."""
    return {"augmentation": text_feature(video, features.AUGMENTATION), "blending": source_digest(__name__)}


def _identity(video: tf.train.Example) -> str:
    return text_feature(video, features.CONTENT_DIGEST) or text_feature(video, features.URI)


def _set_text(example: tf.train.Example, name: str, value: str) -> None:
    example.features.feature[name].bytes_list.value[:] = [value.encode()]
