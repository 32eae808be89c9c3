"""Whole groups are drawn if there are too many videos, and an empty split is an error."""

import hypothesis.strategies as st
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given

from components import features
from components.auditor.videos import draw_groups, read_videos
from components.errors import UserError


@given(sizes=st.lists(st.integers(1, 20), min_size=1, max_size=12), limit=st.integers(1, 60), seed=st.integers(0, 9))
def test_whole_groups_are_drawn_and_as_many_as_fit(sizes, limit, seed):
    groups = np.repeat([f"group-{index}" for index in range(len(sizes))], sizes)
    if min(sizes) > limit:
        with pytest.raises(UserError, match=f"--max-videos {min(sizes)}"):
            draw_groups(groups, limit, seed)
        return
    drawn = draw_groups(groups, limit, seed)
    assert 0 < len(drawn) <= max(limit, 0)
    names, counts = np.unique(groups[drawn], return_counts=True)
    whole = dict(zip(*np.unique(groups, return_counts=True), strict=True))
    assert all(whole[name] == count for name, count in zip(names, counts, strict=True))
    left = [count for name, count in whole.items() if name not in set(names)]
    assert not left or min(left) > limit - len(drawn)


@pytest.mark.parametrize("emptied", features.SPLITS)
def test_an_emptied_split_is_told(tmp_path, emptied):
    patterns = {}
    for split in features.SPLITS:
        patterns[split] = [str(tmp_path / split)]
        with tf.io.TFRecordWriter(patterns[split][0], "GZIP") as writer:
            if split != emptied:
                writer.write(tf.train.Example().SerializeToString())
    with pytest.raises(UserError, match=f"the {emptied} split holds no video"):
        read_videos(patterns, served=None, limit=10, seed=0)
