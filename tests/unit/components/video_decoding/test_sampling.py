from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.sampling import SAMPLINGS, sample_positions

counts = st.integers(0, 100_000)
frames = st.integers(1, 64)


@given(st.sampled_from(SAMPLINGS), counts, frames)
def test_positions_are_ascending_distinct_and_inside(sampling, frame_count, frames):
    positions = list(sample_positions(sampling, frame_count, frames))
    assert len(positions) == min(frame_count, frames)
    assert positions == sorted(set(positions))
    assert all(0 <= position < frame_count for position in positions)


@given(counts, frames)
def test_uniform_leaves_no_stretch_unseen(frame_count, frames):
    positions = list(sample_positions("uniform", frame_count, frames))
    widest = frame_count / frames + 1
    steps = [after - before for before, after in zip([-1, *positions], [*positions, frame_count], strict=False)]
    assert all(step <= max(widest, 1) for step in steps)


def test_first_takes_the_first_frames():
    assert list(sample_positions("first", 300, 20)) == list(range(20))


def test_short_video_gives_all_its_frames():
    assert list(sample_positions("uniform", 7, 20)) == list(range(7))
