import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from components.auditor.order import shuffle_frames


@given(lengths=st.lists(st.integers(1, 20), min_size=1, max_size=6), seed=st.integers(0, 2**32 - 1))
def test_valid_frames_are_all_there_in_some_order_and_the_padding_stays(lengths, seed):
    mask = np.arange(20) < np.asarray(lengths)[:, None]
    frames = np.arange(mask.size, dtype=np.float32).reshape(*mask.shape, 1) * mask[:, :, None]
    shuffled = shuffle_frames(frames, mask, np.random.default_rng(seed))
    for row, length in enumerate(lengths):
        assert sorted(shuffled[row, :length, 0]) == sorted(frames[row, :length, 0])
        assert not shuffled[row, length:].any()
