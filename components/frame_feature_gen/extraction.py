"""Turns videos into frame features: cached ones are read, the others decoded, encoded and kept."""

import concurrent.futures
import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import tensorflow as tf

from components import features
from components.frame_encoder.saved_model import load_encoder, read_description
from components.frame_feature_gen.decode import Clip
from components.frame_feature_gen.decoder import IsolatedDecoder
from components.frame_feature_gen.examples import NO_FACE_WANTED, frame_feature_example, pad_frames, text_feature
from components.frame_feature_gen.feature_cache import CachedFeatures, FeatureCache
from components.frame_feature_gen.sampling import Sampling
from components.quarantine import QuarantineRow, VideoError
from components.video_files import join_uri, local_copy

# Raised whenever the same video would give other features than before.
_FORMAT = 1
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class ExtractionSettings:
    """What decides a video's frame features, besides the video, and what it may cost.

    Attributes:
        data_root: folder or bucket that the videos' uris are relative to.
        encoder_path: the frame encoder's SavedModel.
        sampling: which frames are taken.
        cache_dir: folder or bucket of the feature cache; empty for none.
        timeout_s: seconds that decoding one video may take.
        memory_bytes: what decoding may take.
    """

    data_root: str
    encoder_path: str
    sampling: Sampling
    cache_dir: str
    timeout_s: float
    memory_bytes: int


@dataclasses.dataclass(frozen=True)
class Extracted:
    """A video's frame-feature example; `decoded` is false where the features were in the cache."""

    example: tf.train.Example
    decoded: bool


class FrameExtractor:
    """The encoder, the decoder and the cache of one worker."""

    def __init__(self, settings: ExtractionSettings) -> None:
        """Loads the encoder; the decoder starts with the first video that is not in the cache."""
        self._settings = settings
        self._encode = load_encoder(settings.encoder_path)
        self._decoder = IsolatedDecoder(timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes)
        self._cache = FeatureCache(settings.cache_dir, _fingerprint(settings)) if settings.cache_dir else None

    def extract(self, videos: Iterable[tf.train.Example]) -> Iterator[Extracted | QuarantineRow]:
        """Gives for each video example its frame features, or why there are none.

        A video is decoded while the one before it is encoded.
        """
        for video, found in _one_ahead(self._find, videos):
            if isinstance(found, VideoError):
                yield _quarantined(video, found)
            elif isinstance(found, CachedFeatures):
                yield Extracted(frame_feature_example(video, found, features.FRAMES), decoded=False)
            else:
                entry = self._encoded(found)
                digest = text_feature(video, features.CONTENT_DIGEST)
                if self._cache and digest:
                    self._cache.write(digest, entry)
                yield Extracted(frame_feature_example(video, entry, features.FRAMES), decoded=True)

    def _find(self, video: tf.train.Example) -> CachedFeatures | Clip | VideoError:
        digest = text_feature(video, features.CONTENT_DIGEST)
        if self._cache and digest and (entry := self._cache.read(digest)):
            return entry
        uri = join_uri(self._settings.data_root, text_feature(video, features.URI))
        try:
            with local_copy(uri) as path:
                return self._decoder.decode(
                    path, sampling=self._settings.sampling, frames=features.FRAMES, size=features.FRAME_SIZE
                )
        except VideoError as error:
            return error

    def _encoded(self, clip: Clip) -> CachedFeatures:
        # Always the same number of frames, so that the encoder is compiled for one shape only.
        encoded = self._encode(pad_frames(clip, features.FRAMES))
        return CachedFeatures(encoded[: len(clip.frames)], clip.timestamps_s, NO_FACE_WANTED)


def _fingerprint(settings: ExtractionSettings) -> str:
    decisive = {
        "format": _FORMAT,
        "encoder": read_description(settings.encoder_path)["fingerprint"],
        "sampling": settings.sampling,
        "frames": features.FRAMES,
        "size": features.FRAME_SIZE,
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def _one_ahead(function: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[tuple[_Item, _Result]]:
    """Yields each item with its result; the next result is computed while the caller uses this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting: tuple[_Item, concurrent.futures.Future[_Result]] | None = None
        for item in items:
            following = item, pool.submit(function, item)
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = following
        if waiting:
            yield waiting[0], waiting[1].result()


def _quarantined(video: tf.train.Example, error: VideoError) -> QuarantineRow:
    return QuarantineRow(
        video_id=text_feature(video, features.VIDEO_ID),
        uri=text_feature(video, features.URI),
        stage="decode",
        reason=error.reason.value,
        detail=error.detail,
    )
