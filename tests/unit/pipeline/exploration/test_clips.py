import numpy as np
import pytest

from components.errors import UserError
from pipeline.exploration.clips import middle_frames, read_clip


def test_clip_is_what_the_pipeline_samples(tmp_path, write_video):
    write_video("clip.mp4", frames=30)
    clip = read_clip(str(tmp_path), "clip.mp4")
    assert clip.frames.shape == (20, 224, 224, 3)
    assert (np.diff(clip.timestamps_s) > 0).all()


def test_middle_frame_is_the_one_at_half_time(tmp_path, write_video):
    write_video("one.mp4", frames=30, seed=1)
    write_video("two.mp4", frames=30, seed=2)
    found = middle_frames(str(tmp_path), ["two.mp4", "one.mp4"])
    for name, frame in zip(("two.mp4", "one.mp4"), found, strict=True):
        every = read_clip(str(tmp_path), name, sampling="first", frames=30)
        np.testing.assert_array_equal(frame, every.frames[15])


def test_video_that_cannot_be_decoded_is_named(tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(UserError, match=r"^broken\.mp4: cannot be shown"):
        middle_frames(str(tmp_path), ["broken.mp4"])
    with pytest.raises(UserError, match=r"^absent\.mp4: cannot be shown .* is not there"):
        read_clip(str(tmp_path), "absent.mp4")
