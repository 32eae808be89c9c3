"""The clips of a video in the cache: all or none, and one of a whole video for every windowing that leaves it whole."""

import dataclasses
import pathlib

import numpy as np
import pytest

from components.frame_feature_gen.cached_clips import read_clips, write_clips
from components.frame_feature_gen.cached_features import CachedFeatures
from components.frame_feature_gen.feature_cache import FeatureCache
from components.video_decoding.windows import WHOLE, Windowing

DIGEST = "ab" * 32


def clips(count: int, *, end_s: float) -> list[CachedFeatures]:
    return [
        CachedFeatures(
            features=np.full((3, 4), number, np.float32),
            timestamps_s=np.arange(3, dtype=np.float32),
            face_status="frontal",
            good_frames=30,
            truncated=False,
            window_start_s=end_s * number / count,
            window_end_s=end_s * (number + 1) / count,
            video_end_s=end_s,
            face_track=1,
            face_boxes=np.full((3, 4), 0.5, np.float32),
            clips=count,
        )
        for number in range(count)
    ]


@pytest.fixture
def cache(tmp_path) -> FeatureCache:
    return FeatureCache(str(tmp_path), {"sampling": "uniform"})


def entries(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(folder.rglob("*.features"))


def plain(found: list[CachedFeatures]) -> list[dict]:
    return [
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(each).items()}
        for each in found
    ]


@pytest.mark.parametrize(
    ("count", "windowing"), [(1, WHOLE), (3, WHOLE), (6, Windowing(10)), (2, Windowing(10, 5, 20))]
)
def test_clips_come_back_in_their_order(cache, tmp_path, count, windowing):
    written = clips(count, end_s=60.0)
    assert write_clips(cache, DIGEST, windowing, written)
    assert plain(read_clips(cache, DIGEST, windowing)) == plain(written)
    assert len(entries(tmp_path)) == count
    assert read_clips(cache, "cd" * 32, windowing) == []


def test_clips_of_other_windows_are_others(cache):
    write_clips(cache, DIGEST, Windowing(10), clips(6, end_s=60.0))
    for other in (WHOLE, Windowing(20), Windowing(10, from_s=30), Windowing(10, most=2)):
        assert read_clips(cache, DIGEST, other) == []


def test_a_video_of_one_window_is_the_whole_video(cache, tmp_path):
    (whole,) = clips(1, end_s=12.0)
    write_clips(cache, DIGEST, Windowing(10), [whole])
    assert entries(tmp_path) == [pathlib.Path(cache.path(DIGEST))]
    assert len(read_clips(cache, DIGEST, WHOLE)) == len(read_clips(cache, DIGEST, Windowing(100))) == 1
    assert read_clips(cache, DIGEST, Windowing(5)) == [], "it has two of these"


def test_one_window_of_many_is_not_the_whole_video(cache):
    write_clips(cache, DIGEST, Windowing(10, most=1), clips(1, end_s=60.0))
    assert read_clips(cache, DIGEST, WHOLE) == []
    write_clips(cache, DIGEST, WHOLE, clips(1, end_s=60.0))
    assert read_clips(cache, DIGEST, Windowing(20, most=1)) == []


def test_where_the_end_of_a_whole_video_is_not_known_it_stands_for_no_window(cache):
    # As with the first frames of a whole video.
    (whole,) = clips(1, end_s=12.0)
    write_clips(cache, DIGEST, WHOLE, [dataclasses.replace(whole, video_end_s=0.0)])
    assert len(read_clips(cache, DIGEST, WHOLE)) == 1
    assert read_clips(cache, DIGEST, Windowing(10)) == []


def test_a_clip_that_is_missing_makes_all_of_them_missing(cache, tmp_path):
    write_clips(cache, DIGEST, Windowing(10), clips(6, end_s=60.0))
    entries(tmp_path)[3].unlink()
    assert read_clips(cache, DIGEST, Windowing(10)) == []
