"""The features that recipes are compared on: of each video as given, and of all that augmentation makes of it."""

import dataclasses
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import tensorflow as tf

from components import features
from components.dataset.sources import Dataset, read_dataset
from components.dataset.splitting.groups import connected_groups
from components.dataset.splitting.rules import BY_ORIGINAL
from components.examples import is_pseudo_fake, is_variant, text_feature
from components.frame_encoder.build import build_encoder
from components.frame_encoder.network import build_network
from components.frame_feature_gen.augmentation import TRAIN, add_augmented
from components.frame_feature_gen.extraction import Extracted, FrameExtractor
from components.frame_feature_gen.settings import ExtractionSettings
from components.video_decoding.crop import Crop
from components.video_decoding.decoder import IsolatedDecoder
from components.video_example_gen.examples import video_example


@dataclasses.dataclass(frozen=True)
class Rows:
    """R examples.

    Attributes:
        videos: int64 [R], indices of the videos that they are, or were made of.
        labels: int64 [R], FAKE = 1.
        pseudo_fakes: bool [R].
        variants: bool [R].
        frame_features: float32 [R, T, D].
        mask: bool [R, T].
    """

    videos: np.ndarray
    labels: np.ndarray
    pseudo_fakes: np.ndarray
    variants: np.ndarray
    frame_features: np.ndarray
    mask: np.ndarray

    def only(self, rows: np.ndarray) -> "Rows":
        """Returns some of them."""
        return Rows(**{field.name: getattr(self, field.name)[rows] for field in dataclasses.fields(self)})


@dataclasses.dataclass(frozen=True)
class Footage:
    """N videos with one crop.

    Attributes:
        ids: str [N].
        sources: str [N].
        groups: str [N].
        kinds: str [N], of forgeries; empty where there is none.
        given: N rows, in this order, as the videos are.
        augmented: what is trained on with augmentation.
    """

    ids: np.ndarray
    sources: np.ndarray
    groups: np.ndarray
    kinds: np.ndarray
    given: Rows
    augmented: Rows


@dataclasses.dataclass(frozen=True)
class Extraction:
    """How the features are made: encoder's weights, feature cache, pseudo-fakes of each REAL video, variants of all."""

    weights: str
    cache_dir: str
    pseudo_fakes: int
    variants: int


def read_footage(
    folders: Sequence[str], extraction: Extraction, crop: Crop, *, sources_by: str, kinds_by: str
) -> Footage:
    """Extracts the features of all labelled videos.

    Args:
        folders: data sets.
        extraction: how.
        crop: of the frames.
        sources_by: `meta/<column>` that tells where a video comes from; empty for the name of its folder.
        kinds_by: `meta/<column>` that tells kinds of forgeries; empty if nothing does.
    """
    with tempfile.TemporaryDirectory() as encoder_path:
        network = build_network("inception_v3", extraction.weights)
        described = build_encoder(
            network,
            encoder_path,
            weights=extraction.weights,
            precision="float32",
            engine="tensorflow",
            sample_frames=lambda: np.zeros((0, 224, 224, 3), np.uint8),
        )
        examples = [example for folder in folders for example in _examples(folder)]
        extractor = FrameExtractor(
            ExtractionSettings(
                data_root="",
                encoder_path=encoder_path,
                sampling="uniform",
                frames=features.FRAMES,
                frame_size=described.frame_size,
                cache_dir=extraction.cache_dir,
                min_frames=5,
                timeout_s=120,
                memory_bytes=4 << 30,
                crop=crop,
                face_detector="blazeface" if crop == "face" else "",
            )
        )
        try:
            as_given = _extracted(extractor, examples)
            augmented = _extracted(extractor, [each for video in examples for each in _augmented(video, extraction)])
        finally:
            extractor.decoder.close()
    place = {text_feature(example, features.URI): index for index, example in enumerate(as_given)}

    def texts(name: str) -> np.ndarray:
        return np.asarray([text_feature(example, name) for example in as_given])

    folders_of = np.asarray([os.path.basename(os.path.dirname(uri)) for uri in texts(features.URI)])
    return Footage(
        ids=texts(features.VIDEO_ID),
        sources=texts(sources_by) if sources_by else folders_of,
        groups=texts(features.GROUP_ID),
        kinds=texts(kinds_by) if kinds_by else np.full(len(as_given), ""),
        given=_rows(as_given, place),
        augmented=_rows([each for each in augmented if text_feature(each, features.URI) in place], place),
    )


def _examples(folder: str) -> Iterator[tf.train.Example]:
    dataset: Dataset = read_dataset(os.path.abspath(folder))
    groups = connected_groups(dataset.videos, BY_ORIGINAL).names_by_video()
    decoder = IsolatedDecoder()
    try:
        for entry, group in zip(dataset.entries, _texts(groups), strict=True):
            if entry.label is None:
                continue
            example = video_example(dataset.data_root, entry, f"{folder}/{group}", decoder)
            # Several data sets have no root in common.
            path = os.path.join(dataset.data_root, entry.uri)
            for name in (features.URI, features.VIDEO_ID):
                example.features.feature[name].bytes_list.value[:] = [path.encode()]
            yield example
    finally:
        decoder.close()


def _texts(names: pa.Array) -> list[str]:
    return names.to_pylist()


def _augmented(video: tf.train.Example, extraction: Extraction) -> Iterator[tf.train.Example]:
    made = add_augmented(
        (TRAIN, video.SerializeToString()),
        self_blended=extraction.pseudo_fakes,
        recompressed=extraction.variants,
    )
    return (tf.train.Example.FromString(record) for _, record in made)


def _extracted(extractor: FrameExtractor, videos: Sequence[tf.train.Example]) -> list[tf.train.Example]:
    found: list[tf.train.Example] = []
    for video, result in zip(videos, extractor.extract(videos), strict=True):
        if isinstance(result, Extracted):
            found += result.examples
        else:
            print(f"{text_feature(video, features.VIDEO_ID)}: {result.reason}, {result.detail}", file=sys.stderr)
    return found


def _rows(examples: Sequence[tf.train.Example], place: dict[str, int]) -> Rows:
    masks = [example.features.feature[features.FRAME_MASK].int64_list.value for example in examples]
    values = [example.features.feature[features.FRAME_FEATURES].float_list.value for example in examples]
    return Rows(
        videos=np.asarray([place[text_feature(example, features.URI)] for example in examples]),
        labels=np.asarray([text_feature(example, features.LABEL) == features.FAKE for example in examples], np.int64),
        pseudo_fakes=np.asarray([is_pseudo_fake(example) for example in examples]),
        variants=np.asarray([is_variant(example) for example in examples]),
        frame_features=np.asarray(values, np.float32).reshape(len(examples), features.FRAMES, -1),
        mask=np.asarray(masks, bool),
    )
