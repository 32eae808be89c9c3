import pathlib

import numpy as np
import pytest
import tensorflow as tf

from components import features
from components.frame_encoder.sample_frames import sample_frames
from components.video_decoding.decode import decode_clip


@pytest.fixture
def write_examples(tmp_path: pathlib.Path):
    """Writes video examples with these uris and probe statuses as an artifact; returns its uri."""

    def write(videos: dict[str, str]) -> str:
        folder = tmp_path / "examples" / "Split-train"
        folder.mkdir(parents=True)
        with tf.io.TFRecordWriter(str(folder / "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
            for uri, status in videos.items():
                example = tf.train.Example()
                example.features.feature[features.URI].bytes_list.value.append(uri.encode())
                example.features.feature[features.PROBE_STATUS].bytes_list.value.append(status.encode())
                writer.write(example.SerializeToString())
        return str(tmp_path / "examples")

    return write


def test_frames_are_those_of_the_videos_that_can_be_decoded(tmp_path, write_video, write_examples):
    path = write_video("good.mp4", frames=12)
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    uri = write_examples({"broken.mp4": "ok", "gone.mp4": "ok", "good.mp4": "ok", "refused.mp4": "no_frames"})
    expected = decode_clip(path, sampling="uniform", frames=8, size=224).frames
    np.testing.assert_array_equal(sample_frames(uri, str(tmp_path), 224), expected)


def test_few_of_many_videos_are_decoded_and_spread_evenly(tmp_path, write_video, write_examples):
    names = [f"{index:02}.mp4" for index in range(40)]
    first, last = (write_video(names[index], frames=3, seed=seed) for index, seed in ((0, 1), (-2, 2)))
    for index, name in enumerate(names):
        if not (tmp_path / name).exists():
            (tmp_path / name).symlink_to(first if index < 20 else last)
    frames = sample_frames(write_examples(dict.fromkeys(names, "ok")), str(tmp_path), 224)
    assert frames.shape == (8 * 3, 224, 224, 3)
    halves = [decode_clip(path, sampling="uniform", frames=8, size=224).frames for path in (first, last)]
    np.testing.assert_array_equal(frames[:3], halves[0])
    np.testing.assert_array_equal(frames[-3:], halves[1])


def test_there_may_be_no_frame(tmp_path, write_examples):
    assert sample_frames(write_examples({"gone.mp4": "ok"}), str(tmp_path), 224).shape == (0, 224, 224, 3)
