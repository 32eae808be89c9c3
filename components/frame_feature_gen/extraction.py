"""Turns videos into frame features: reads cached ones; decodes, encodes and caches the others."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import tensorflow as tf

from components import features
from components.examples import text_feature
from components.frame_feature_gen.augmentation import alteration_of, augmentation_settings
from components.frame_feature_gen.cached_clips import read_clips, write_clips
from components.frame_feature_gen.cached_features import CachedFeatures
from components.frame_feature_gen.examples import frame_feature_example
from components.frame_feature_gen.feature_cache import FeatureCache
from components.frame_feature_gen.made_ahead import made_ahead
from components.frame_feature_gen.settings import ExtractionSettings, decisive_settings
from components.frame_feature_gen.window_features import clips_of_window, complete
from components.passing_trouble import blame_for
from components.quarantine import QuarantineRow
from components.served_model.encoder import load_encoder
from components.uris import join_uri
from components.video_decoding.clip import DecodedVideo, DecodedWindow, StartedAgain, pad_frames
from components.video_decoding.crop import Cropped
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy, unchanged
from components.video_decoding.second_try import two_tries
from components.video_errors import Reason, VideoError

_LENGTH_STEP = 4
# The end of a video, the next one's window, and one more.
_PIECES_AHEAD = 3


@dataclasses.dataclass(frozen=True)
class Extracted:
    """The frame-feature examples of a video.

    Attributes:
        examples: one for each clip, in order of time, and the largest face first.
        decoded: False if the features came from the cache.
        truncated: whether parts of the video are missing or damaged.
        kept: whether the features are in the cache.
    """

    examples: Sequence[tf.train.Example]
    decoded: bool
    truncated: bool
    kept: bool


_Piece = DecodedWindow | StartedAgain | DecodedVideo | Sequence[CachedFeatures] | VideoError
"""What is learnt of a video, one after another; the last three end it."""


class FrameExtractor:
    """The encoder, the decoder and the cache of one worker."""

    def __init__(
        self,
        settings: ExtractionSettings,
        *,
        encode: Callable[[np.ndarray], np.ndarray] | None = None,
        windows_per_call: int | None = None,
        second_try_alone: bool = True,
    ) -> None:
        """Loads the encoder; the decoder starts with the first video that is not in the cache.

        Args:
            settings: what determines the features.
            encode: the encoder at `settings.encoder_path` as returned by `load_encoder`, if already loaded.
            windows_per_call: how many windows are encoded per call, which affects only speed; by default 1 on a CPU,
                which does not benefit from more, and 16 on a GPU.
            second_try_alone: see `two_tries`.
        """
        self._windows_a_call = windows_per_call or (16 if tf.config.list_physical_devices("GPU") else 1)
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

    def extract(
        self, videos: Iterable[tf.train.Example], *, report: Callable[[tf.train.Example, float], None] | None = None
    ) -> Iterator[Extracted | QuarantineRow]:
        """Yields for each video example its frame features, or why there are none.

        Windows are decoded while the one before is encoded.

        Args:
            videos: their examples.
            report: called after each window of a video with the example, and with when it ends, in seconds.
        """
        clips: list[CachedFeatures] = []
        for some in _batches(made_ahead(self._pieces(videos), _PIECES_AHEAD), self._windows_a_call):
            encoded = iter(self._encoded([clip for _, piece in some for clip in _clips(piece)]))
            for video, piece in some:
                if isinstance(piece, StartedAgain):
                    clips = []
                elif isinstance(piece, DecodedWindow):
                    clips += clips_of_window(piece, encoded)
                    if report:
                        report(video, clips[-1].window_end_s)
                else:
                    yield self._result(video, piece, clips)
                    clips = []

    def interrupt(self) -> None:
        """Aborts the current decoding, from another thread; its video is reported as `crashed`."""
        self._decoder.interrupt()

    def _result(
        self,
        video: tf.train.Example,
        end: DecodedVideo | Sequence[CachedFeatures] | VideoError,
        clips: list[CachedFeatures],
    ) -> Extracted | QuarantineRow:
        if isinstance(end, VideoError):
            return _quarantined(video, end)
        decoded = isinstance(end, DecodedVideo)
        found = [complete(clip, end, len(clips)) for clip in clips] if isinstance(end, DecodedVideo) else end
        kept = self._keep(video, found) if decoded else True
        truncated, good_frames = found[0].truncated, found[0].good_frames
        if truncated and good_frames < self._settings.min_frames:
            return _quarantined(video, _too_little_left(good_frames, self._settings.min_frames))
        examples = [frame_feature_example(video, clip, self._settings.frames) for clip in found]
        return Extracted(examples, decoded=decoded, truncated=truncated, kept=kept)

    def _pieces(self, videos: Iterable[tf.train.Example]) -> Iterator[tuple[tf.train.Example, _Piece]]:
        for video in videos:
            for piece in self._find(video):
                yield video, piece

    def _find(self, video: tf.train.Example) -> Iterator[_Piece]:
        digest = text_feature(video, features.CONTENT_DIGEST)
        cache = self._cache(video)
        if cache and digest and (clips := read_clips(cache, digest, self._settings.windowing)):
            yield clips
            return
        uri = join_uri(self._settings.data_root, text_feature(video, features.URI))
        end: _Piece | None = None
        try:
            for tries, one_try in enumerate(two_tries(alone=self._second_try_alone, await_file=bool(digest))):
                if tries:
                    yield StartedAgain()
                with one_try, local_copy(uri) as path, unchanged(path, digest):
                    for part in self._settings.decode_windows(self._decoder, path, alteration_of(video)):
                        if isinstance(part, DecodedVideo):
                            # Not yet: the file may have been replaced.
                            end = part
                        else:
                            yield part
        except VideoError as error:
            end = error
        assert end is not None, "a video is decoded or refused"
        yield end

    def _keep(self, video: tf.train.Example, clips: Sequence[CachedFeatures]) -> bool:
        digest = text_feature(video, features.CONTENT_DIGEST)
        cache = self._cache(video)
        return bool(cache and digest and write_clips(cache, digest, self._settings.windowing, clips))

    def _cache(self, video: tf.train.Example) -> FeatureCache | None:
        if not self._settings.cache_dir:
            return None
        kinds = text_feature(video, features.AUGMENTATION)
        if kinds not in self._caches:
            further = {"alteration": augmentation_settings(kinds)} if kinds else {}
            self._caches[kinds] = FeatureCache(self._settings.cache_dir, {**self._decisive, **further})
        return self._caches[kinds]

    def _encoded(self, clips: Sequence[Cropped]) -> list[np.ndarray]:
        """Returns the features of each clip, float32 [n, D]."""
        if not clips:
            return []
        length = _encoded_length(max(len(clip.frames) for clip in clips))
        frames = np.concatenate([pad_frames(clip.frames, length) for clip in clips])
        encoded = np.split(self._encode(frames), len(clips))
        return [of_clip[: len(clip.frames)] for clip, of_clip in zip(clips, encoded, strict=True)]


def _clips(piece: _Piece) -> Sequence[Cropped]:
    return piece.clips if isinstance(piece, DecodedWindow) else ()


def _batches(
    pieces: Iterator[tuple[tf.train.Example, _Piece]], windows: int
) -> Iterator[list[tuple[tf.train.Example, _Piece]]]:
    """Yields pieces together until there are so many windows to encode, or as soon as there is nothing to encode."""
    batch: list[tuple[tf.train.Example, _Piece]] = []
    for piece in pieces:
        batch.append(piece)
        if sum(isinstance(each, DecodedWindow) for _, each in batch) in (0, windows):
            yield batch
            batch = []
    if batch:
        yield batch


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
        content_digest=text_feature(video, features.CONTENT_DIGEST),
    )
