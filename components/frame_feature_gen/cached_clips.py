"""The clips of one video in the feature cache."""

import dataclasses
from collections.abc import Sequence

from components.frame_feature_gen.cached_features import CachedFeatures
from components.frame_feature_gen.feature_cache import FeatureCache
from components.video_decoding.windows import WHOLE, Windowing, place_windows


def read_clips(cache: FeatureCache, content_digest: str, windowing: Windowing) -> list[CachedFeatures]:
    """Returns all clips of a video, or none unless all are there.

    A video that is short enough for one window has the entries that it has if it is taken whole.
    """
    taken_as = WHOLE
    first = cache.read(content_digest)
    if not (first and _is_taken_whole(windowing, first.video_end_s)):
        taken_as = windowing
        first = cache.read(content_digest, _name(windowing, 0)) if windowing != WHOLE else None
    if first is None:
        return []
    others = [cache.read(content_digest, _name(taken_as, number)) for number in range(1, first.clips)]
    return [first, *filter(None, others)] if all(others) else []


def write_clips(
    cache: FeatureCache, content_digest: str, windowing: Windowing, clips: Sequence[CachedFeatures]
) -> bool:
    """Stores all clips of a video; returns whether they could be."""
    taken_as = WHOLE if _is_taken_whole(windowing, clips[0].video_end_s) else windowing
    # The first one last, since it says how many there are.
    numbered = reversed(list(enumerate(clips)))
    return all(cache.write(content_digest, clip, _name(taken_as, number)) for number, clip in numbered)


def _is_taken_whole(windowing: Windowing, end_s: float) -> bool:
    if windowing == WHOLE:
        return True
    # Without an end that is known, nothing tells.
    every_window = place_windows(dataclasses.replace(windowing, most=0), end_s)
    return end_s > 0 and not (windowing.from_s or windowing.to_s) and len(every_window) == 1


def _name(windowing: Windowing, number: int) -> str:
    if windowing == WHOLE:
        return f"-{number}" if number else ""
    return "-".join(["", *map(repr, dataclasses.astuple(windowing)), str(number)])
