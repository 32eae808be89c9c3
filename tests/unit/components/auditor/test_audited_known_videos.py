"""Audits leave out the test videos that the model was trained on."""

import numpy as np
import pytest

from components.auditor.known_videos import leave_out_known
from components.errors import UserError
from components.served_model.training_videos import UNKNOWN_TRAINING, list_videos


def test_known_test_videos_are_left_out_and_told(make_videos, labels, groups):
    videos = make_videos(labels, groups, 0.0 * labels)
    tested = videos.of_split("test")
    # One file of a group makes it a training group; train videos stay, as every model knows them.
    training = list_videos([videos.digests[tested[0]], *videos.digests[videos.of_split("train")]], [], "original")
    kept, remarks = leave_out_known(videos, training, "original")
    assert remarks == [f"the model was trained on 3 of the {len(tested)} videos of the test split, which are left out"]
    assert set(videos.ids) - set(kept.ids) == set(videos.ids[groups == groups[tested[0]]])
    assert np.array_equal(kept.frame_features, videos.frame_features[np.isin(videos.ids, kept.ids)])
    assert len(kept.facts) == len(kept.meta) == len(kept.ids)


def test_an_audit_of_nothing_is_refused(make_videos, labels, groups):
    videos = make_videos(labels, groups, 0.0 * labels)
    with pytest.raises(UserError, match="what is left has not both classes to audit it by"):
        leave_out_known(videos, list_videos(videos.digests.tolist(), [], "original"), "original")


def test_of_a_model_of_before_it_is_unknown(make_videos, labels, groups):
    videos = make_videos(labels, groups, 0.0 * labels)
    kept, remarks = leave_out_known(videos, UNKNOWN_TRAINING, "")
    assert len(kept.ids) == len(videos.ids)
    assert remarks == [
        "unknown is whether the model was trained on videos of the test split, as earlier models do not tell"
    ]
