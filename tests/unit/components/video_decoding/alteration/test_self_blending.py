"""Pseudo-fakes: reproducible, and outside the mask their source."""

import concurrent.futures

import av
import numpy as np
import pytest
from drawn_frames import moving_shapes
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.alteration.alter import alter
from components.video_decoding.alteration.alteration import Alteration, Distortion
from components.video_decoding.alteration.face_masks import SIDE, FaceMask, assumed_landmarks, region_of
from components.video_decoding.alteration.self_blending import self_blend
from components.video_decoding.decoder import IsolatedDecoder

HEIGHT, WIDTH = 120, 160
SEEDS = st.integers(0, 2**64 - 1)


def clip(frames: int) -> list[np.ndarray]:
    return moving_shapes(frames, WIDTH, HEIGHT, seed=1)


def landmarks(across: float = 80, down: float = 60, radius: float = 20) -> np.ndarray:
    middle = assumed_landmarks(4, 4) - 2
    return (middle * radius + (across, down)).astype(np.float32)


@given(seed=SEEDS, across=st.floats(-20, 180), down=st.floats(-20, 140), radius=st.floats(1, 60))
def test_outside_the_region_of_the_face_nothing_changes(seed, across, down, radius):
    frames, points = clip(3), landmarks(across, down, radius)
    made = self_blend(frames, [points] * 3, np.random.default_rng(seed))
    left, top, side = region_of(points)
    # The copy inside is moved by at most 3 % of the region, and enlarged by 5 %.
    reach = 0.06 * side + 2
    outside = np.ones((HEIGHT, WIDTH), bool)
    first, last = (
        (max(0, int(edge - reach)) for edge in (top, left)),
        (max(0, int(edge + side + reach) + 1) for edge in (top, left)),
    )
    (up, before), (bottom, behind) = first, last
    outside[up:bottom, before:behind] = False
    for frame, source in zip(made, frames, strict=True):
        assert (frame.shape, frame.dtype) == (source.shape, np.uint8)
        np.testing.assert_array_equal(frame[outside], source[outside])


@given(seed=SEEDS)
def test_masks_are_shares_that_fade_out_within_the_region(seed):
    points = landmarks()
    mask = FaceMask(np.random.default_rng(seed)).draw(points, region_of(points))
    assert mask.shape == (SIDE, SIDE)
    assert mask.min() >= 0
    assert 0.1 < mask.max() <= 1 + 1e-6
    assert not np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).any()


@given(seed=SEEDS)
def test_a_frame_without_a_face_is_left_as_it_is(seed):
    frames = clip(3)
    made = self_blend(frames, [landmarks(), None, landmarks()], np.random.default_rng(seed))
    np.testing.assert_array_equal(made[1], frames[1])


@pytest.mark.parametrize("count", [1, 2, 20])
def test_the_same_seed_makes_the_same_pseudo_fake_and_another_makes_another(count):
    frames = clip(count)
    first, again, other = (self_blend(frames, [landmarks()] * count, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (np.asarray(first) != np.asarray(other)).any()
    assert (np.asarray(first) != np.asarray(frames)).any()


def test_over_many_pseudo_fakes_the_copy_stays_drifts_or_flickers():
    frames = [clip(1)[0]] * 12
    seen = set()
    for seed in range(40):
        made = np.asarray(self_blend(frames, [landmarks()] * 12, np.random.default_rng(seed)), float)
        steps = np.abs(np.diff(made, axis=0)).mean(axis=(1, 2, 3))
        way = np.abs(made[-1] - made[0]).mean()
        seen.add("constant" if steps.max() == 0 else "drift" if steps.sum() < 2 * way else "flicker")
    assert seen == {"constant", "drift", "flicker"}


def test_a_delayed_face_is_the_one_before_moved_onto_this():
    """Where the picture moves with the face, a face from the frame before fits; where it stays, it is out of place."""
    image = clip(1)[0]
    frames = [np.roll(image, 3 * number, axis=1) for number in range(4)]
    moving = [landmarks(80 + 3 * number) for number in range(4)]
    delayed = [
        seed
        for seed in range(60)
        if not np.array_equal(
            self_blend(frames, moving, np.random.default_rng(seed))[3],
            self_blend([np.zeros_like(image)] * 3 + frames[3:], moving, np.random.default_rng(seed))[3],
        )
    ]
    assert 5 < len(delayed) < 30
    still = [moving[0]] * 4
    for seed in delayed[:5]:
        fits, strays = (
            np.abs(np.asarray(self_blend(frames, points, np.random.default_rng(seed)), float) - frames).mean()
            for points in (moving, still)
        )
        assert fits < strays


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_decoders_in_any_number_of_threads_make_the_pseudo_fakes_of_one_alone(write_video, threads):
    paths = [write_video(f"{index}.mp4", frames=6, width=96, height=64, seed=index) for index in range(4)]

    def pseudo_fakes(_: int) -> list[np.ndarray]:
        decoder = IsolatedDecoder()
        try:
            return [
                decoder.decode(
                    path, sampling="uniform", frames=5, size=48, alteration=Alteration(7, Distortion(crf=30))
                ).frames
                for path in paths
            ]
        finally:
            decoder.close()

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        first, *others = pool.map(pseudo_fakes, range(min(threads, 2) + 1))
    for other in others:
        np.testing.assert_array_equal(first, other)


@pytest.mark.e2e
def test_a_real_face_is_altered_and_its_surroundings_are_not(shared_data):
    path = shared_data / "real_clips" / "liveportrait" / "d10.mp4"
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][::100][:4]
    made = alter(frames, Alteration(3))
    changed = (np.asarray(made) != np.asarray(frames)).any(axis=-1)
    height, width = changed.shape[1:]
    assert changed[:, height // 3 : 2 * height // 3, width // 3 : 2 * width // 3].mean() > 0.3
    assert changed.mean() < 0.7
    assert not changed[:, :, :20].any()
