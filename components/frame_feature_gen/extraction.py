"""Turns videos into frame features: reads cached ones; decodes, encodes and caches the others."""

import concurrent.futures
import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import tensorflow as tf

from components import features
from components.examples import text_feature
from components.frame_feature_gen.augmentation import alteration_of, augmentation_settings
from components.frame_feature_gen.cached_features import CachedFeatures
from components.frame_feature_gen.examples import frame_feature_example
from components.frame_feature_gen.feature_cache import FeatureCache
from components.frame_feature_gen.settings import ExtractionSettings, decisive_settings
from components.passing_trouble import blame_for
from components.quarantine import QuarantineRow
from components.served_model.encoder import load_encoder
from components.uris import join_uri
from components.video_decoding.clip import Clip, pad_frames
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy, unchanged
from components.video_decoding.second_try import with_second_try
from components.video_errors import Reason, VideoError

_LENGTH_STEP = 4

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class Extracted:
    """A video's frame-feature example.

    Attributes:
        example: with its features.
        decoded: False if the features came from the cache.
        truncated: whether parts of the video are missing or damaged.
        kept: whether the features are in the cache.
    """

    example: tf.train.Example
    decoded: bool
    truncated: bool
    kept: bool


class FrameExtractor:
    """The encoder, the decoder and the cache of one worker."""

    def __init__(
        self,
        settings: ExtractionSettings,
        *,
        encode: Callable[[np.ndarray], np.ndarray] | None = None,
        clips_per_call: int | None = None,
        second_try_alone: bool = True,
    ) -> None:
        """Loads the encoder; the decoder starts with the first video that is not in the cache.

        Args:
            settings: what determines the features.
            encode: the encoder at `settings.encoder_path` as returned by `load_encoder`, if already loaded.
            clips_per_call: how many clips are encoded per call, which affects only speed; by default 1 on a CPU, which
                does not benefit from more, and 16 on a GPU.
            second_try_alone: see `with_second_try`.
        """
        self._clips_a_call = clips_per_call or (16 if tf.config.list_physical_devices("GPU") else 1)
        self._second_try_alone = second_try_alone
        self._settings = settings
        self._encode = encode or load_encoder(settings.encoder_path)
        faces = settings.face_detection()
        self._decoder = IsolatedDecoder(timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=faces)
        self._decisive = decisive_settings(settings, faces)
        self._caches: dict[str, FeatureCache] = {}

    @property
    def decoder(self) -> IsolatedDecoder:
        """The decoding process, which also reads headers."""
        return self._decoder

    def extract(self, videos: Iterable[tf.train.Example]) -> Iterator[Extracted | QuarantineRow]:
        """Yields for each video example its frame features, or why there are none.

        A video is decoded while the one before it is encoded.
        """
        remaining = _one_ahead(self._find, videos)
        while some := list(itertools.islice(remaining, self._clips_a_call)):
            yield from self._finish(some)

    def interrupt(self) -> None:
        """Aborts the current decoding, from another thread; its video is reported as `crashed`."""
        self._decoder.interrupt()

    def _finish(
        self, some: Sequence[tuple[tf.train.Example, CachedFeatures | Clip | VideoError]]
    ) -> Iterator[Extracted | QuarantineRow]:
        encoded = iter(self._encoded([found for _, found in some if isinstance(found, Clip)]))
        for video, found in some:
            if isinstance(found, VideoError):
                yield _quarantined(video, found)
                continue
            entry = found if isinstance(found, CachedFeatures) else next(encoded)
            kept = entry is found or self._keep(video, entry)
            if entry.truncated and entry.good_frames < self._settings.min_frames:
                yield _quarantined(video, _too_little_left(entry.good_frames, self._settings.min_frames))
            else:
                example = frame_feature_example(video, entry, self._settings.frames)
                yield Extracted(example, decoded=entry is not found, truncated=entry.truncated, kept=kept)

    def _find(self, video: tf.train.Example) -> CachedFeatures | Clip | VideoError:
        digest = text_feature(video, features.CONTENT_DIGEST)
        cache = self._cache(video)
        if cache and digest and (entry := cache.read(digest)):
            return entry
        uri = join_uri(self._settings.data_root, text_feature(video, features.URI))

        def decode() -> Clip:
            with local_copy(uri) as path, unchanged(path, digest):
                return self._settings.decode(self._decoder, path, alteration_of(video))

        try:
            return with_second_try(decode, alone=self._second_try_alone, await_file=bool(digest))
        except VideoError as error:
            return error

    def _keep(self, video: tf.train.Example, entry: CachedFeatures) -> bool:
        digest = text_feature(video, features.CONTENT_DIGEST)
        cache = self._cache(video)
        return bool(cache and digest and cache.write(digest, entry))

    def _cache(self, video: tf.train.Example) -> FeatureCache | None:
        if not self._settings.cache_dir:
            return None
        kinds = text_feature(video, features.AUGMENTATION)
        if kinds not in self._caches:
            further = {"alteration": augmentation_settings(kinds)} if kinds else {}
            self._caches[kinds] = FeatureCache(self._settings.cache_dir, {**self._decisive, **further})
        return self._caches[kinds]

    def _encoded(self, clips: Sequence[Clip]) -> list[CachedFeatures]:
        if not clips:
            return []
        length = _encoded_length(max(len(clip.frames) for clip in clips))
        frames = np.concatenate([pad_frames(clip, length) for clip in clips])
        encoded = np.split(self._encode(frames), len(clips))
        return [
            CachedFeatures(
                features=of_clip[: len(clip.frames)],
                timestamps_s=clip.timestamps_s,
                face_status=clip.face_status,
                good_frames=clip.good_frames,
                truncated=clip.truncated,
                color=clip.color,
                sampled_as=clip.sampled_as,
                crop_side=clip.crop_side,
                notes=clip.notes,
            )
            for clip, of_clip in zip(clips, encoded, strict=True)
        ]


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


def _encoded_length(frames: int) -> int:
    """Rounds up, so that the encoder is compiled for few shapes and a short clip costs little more than its frames."""
    return -(-frames // _LENGTH_STEP) * _LENGTH_STEP


def _too_little_left(good_frames: int, min_frames: int) -> VideoError:
    detail = f"parts are missing or damaged, and {good_frames} whole frames are fewer than min_frames={min_frames}"
    return VideoError(Reason.TRUNCATED, detail)


def _quarantined(video: tf.train.Example, error: VideoError) -> QuarantineRow:
    return QuarantineRow(
        video_id=text_feature(video, features.VIDEO_ID),
        uri=text_feature(video, features.URI),
        stage="decode",
        reason=error.reason.value,
        detail=error.detail,
        blame=blame_for(error).value,
    )
