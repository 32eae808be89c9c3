"""What the frames show, before they are encoded."""

import pathlib

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.demo_data import write_clip
from pipeline.demo_data.film import film_clip, film_motion
from pipeline.demo_data.plan import APPEARANCE, REAL_FAMILY, TEMPORAL, ClipPlan, plan_clips

SEED = 5


def frames_of(clip: ClipPlan) -> NDArray[np.int64]:
    return np.stack(list(film_clip(clip, film_motion(clip, SEED), SEED))).astype(np.int64)


@pytest.fixture(scope="module")
def films() -> dict[str, NDArray[np.int64]]:
    """One real clip and its two forgeries, by family: int64 RGB [frames, H, W, 3]."""
    clips = [clip for clip in plan_clips(12, SEED) if clip.take == 1]
    return {clip.family: frames_of(clip) for clip in clips}


def face(frames: NDArray[np.int64]) -> NDArray[np.int64]:
    height, width = frames.shape[1:3]
    return frames[:, int(0.55 * height) : int(0.65 * height), int(0.42 * width) : int(0.58 * width)]


def test_one_take_has_one_real_and_a_fake_of_each_family(films: dict[str, NDArray[np.int64]]) -> None:
    assert set(films) == {REAL_FAMILY, APPEARANCE, TEMPORAL}


@pytest.mark.parametrize("family", [APPEARANCE, TEMPORAL])
def test_a_fake_differs_from_its_original_in_the_face_only(films: dict[str, NDArray[np.int64]], family: str) -> None:
    assert np.array_equal(films[family][:, :20], films[REAL_FAMILY][:, :20])
    assert np.array_equal(films[family][:, :, :8], films[REAL_FAMILY][:, :, :8])
    assert np.abs(face(films[family]) - face(films[REAL_FAMILY])).mean() > 3


def test_appearance_fakes_lack_the_sensors_noise(films: dict[str, NDArray[np.int64]]) -> None:
    def roughness(frames: NDArray[np.int64]) -> float:
        return float(np.abs(np.diff(face(frames), axis=2)).mean())

    assert roughness(films[APPEARANCE]) < 0.6 * roughness(films[REAL_FAMILY])
    assert roughness(films[TEMPORAL]) == pytest.approx(roughness(films[REAL_FAMILY]), rel=0.25)


def test_temporal_fakes_flicker(films: dict[str, NDArray[np.int64]]) -> None:
    def flicker(frames: NDArray[np.int64]) -> float:
        # Over the whole face, of which a speaking mouth changes little.
        height, width = frames.shape[1:3]
        whole = frames[:, int(0.35 * height) : int(0.7 * height), int(0.35 * width) : int(0.65 * width)]
        return float(np.abs(np.diff(whole.mean(axis=(1, 2, 3)))).mean())

    assert flicker(films[TEMPORAL]) > 3 * flicker(films[REAL_FAMILY])
    assert flicker(films[APPEARANCE]) < 2 * flicker(films[REAL_FAMILY])


def test_at_one_bit_rate_a_fake_is_as_large_as_its_original(
    films: dict[str, NDArray[np.int64]], tmp_path: pathlib.Path
) -> None:
    sizes = {}
    for family, frames in films.items():
        path = tmp_path / f"{family}.mp4"
        write_clip(path, frames.astype(np.uint8), fps=25, bit_rate=800_000)
        sizes[family] = path.stat().st_size
    assert sizes[APPEARANCE] == pytest.approx(sizes[REAL_FAMILY], rel=0.08)
    assert sizes[TEMPORAL] == pytest.approx(sizes[REAL_FAMILY], rel=0.08)


def test_motion_curves_have_one_value_for_each_frame() -> None:
    for clip in plan_clips(60, SEED):
        motion = film_motion(clip, SEED)
        assert len(motion.poses) == len(motion.expressions) == len(motion.light)
        openness = [expression.eye_openness for expression in motion.expressions]
        assert min(openness) < 0.4 < 0.8 < max(openness), "every clip blinks"
