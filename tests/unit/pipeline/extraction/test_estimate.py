"""What an extraction is said to take."""

import pathlib
import time

import pytest

from components.frame_feature_gen.cost import seconds_a_video
from pipeline.config.load import load_config
from pipeline.extraction.estimate.estimate import estimate_extraction


@pytest.mark.parametrize(
    ("decode_s", "encode_s", "workers", "cores", "expected"),
    [
        # One worker waits for whichever takes longer.
        (3.0, 0.5, 1, 4, 3.0),
        # Four workers decode on a core each, and share the encoder.
        (3.0, 0.5, 4, 4, 1.25),
        # Encoding takes all cores, so further workers do not help.
        (0.1, 1.0, 1, 2, 1.05),
        (0.1, 1.0, 16, 2, 1.05),
    ],
)
def test_time_is_bounded_by_the_cores_and_by_the_workers(decode_s, encode_s, workers, cores, expected):
    assert seconds_a_video(decode_s, encode_s, workers, cores) == pytest.approx(expected)


@pytest.mark.e2e
def test_a_few_videos_are_decoded_and_encoded_to_tell_what_all_will_take(tmp_path, write_video):
    uris = [pathlib.Path(write_video(f"{index}.mp4", frames=10)).name for index in range(8)]
    config = load_config("dfdc", ["augment.self_blended=2", "augment.recompressed=1", "extraction.workers=3"])
    found = estimate_extraction(uris, config, str(tmp_path), train={"REAL": 3, "FAKE": 2}, tested=2, limit_s=300)
    # Of each of five in train a variant, and two pseudo-fakes of each real one with theirs.
    assert found.videos == 8 + 5 + 2 * 2 * 3
    assert 1 <= found.measured <= 5
    one, three = found.by_workers
    assert (one.workers, three.workers) == (1, 3)
    assert one.seconds >= three.seconds > 0
    assert three.memory_bytes > one.memory_bytes > 500 << 20
    # In the cache, as examples, and those of train and eval transformed.
    assert found.disk_bytes == (25 + 25 + 23) * (20 * 2048 * 4 + 8192)


def test_what_is_not_measured_in_time_is_unknown(tmp_path, write_video):
    uris = [pathlib.Path(write_video("a.mp4", frames=10)).name]
    start = time.monotonic()
    config, train = load_config("dfdc"), {"REAL": 0, "FAKE": 0}
    found = estimate_extraction(uris, config, str(tmp_path), train=train, tested=0, limit_s=0.1)
    assert time.monotonic() - start < 5
    assert (found.decode_s, found.encode_s, found.by_workers) == (None, None, ())
    assert found.disk_bytes > 0
