"""The features of a window's clips, as they are cached."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from components.frame_feature_gen.cached_features import CachedFeatures
from components.video_decoding.clip import DecodedVideo, DecodedWindow


def clips_of_window(decoded: DecodedWindow, encoded: Iterator[np.ndarray]) -> Iterator[CachedFeatures]:
    """Yields a window's clips, still without what is known only at the video's end.

    Args:
        decoded: the window.
        encoded: yields the features of each clip, float32 [n, D].
    """
    for number, (clip, times_s) in enumerate(zip(decoded.clips, decoded.times_s, strict=True), 1):
        yield CachedFeatures(
            features=next(encoded),
            timestamps_s=times_s,
            face_status=clip.face_status,
            good_frames=0,
            truncated=False,
            color=clip.color,
            crop_side=clip.side,
            window_start_s=decoded.window.start_s,
            # That of the first frames of a whole video is not known.
            window_end_s=decoded.window.end_s if np.isfinite(decoded.window.end_s) else float(times_s[-1]),
            face_track=number if clip.face_boxes.any() else 0,
            face_boxes=clip.face_boxes,
        )


def complete(clip: CachedFeatures, video: DecodedVideo, clips: int) -> CachedFeatures:
    """Returns a clip of a video with so many clips, with what is known of the video."""
    return dataclasses.replace(
        clip,
        good_frames=video.good_frames,
        truncated=video.truncated,
        sampled_as=video.sampled_as,
        notes=video.notes,
        video_end_s=video.end_s,
        clips=clips,
    )
