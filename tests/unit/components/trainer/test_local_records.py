import gzip
import pathlib
import random

import pytest
import tensorflow as tf

from components.features import LABEL_XF, VIDEO_ID_XF
from components.trainer.local_records import cache_records


def record(video_id: str, label: int = 0) -> bytes:
    example = tf.train.Example()
    example.features.feature[LABEL_XF].int64_list.value.append(label)
    example.features.feature[VIDEO_ID_XF].bytes_list.value.append(video_id.encode())
    return example.SerializeToString()


def write(path: pathlib.Path, records: list[bytes]) -> None:
    with tf.io.TFRecordWriter(str(path), tf.io.TFRecordOptions(compression_type="GZIP")) as writer:
        for each in records:
            writer.write(each)


def read(paths: list[str]) -> list[bytes]:
    return [each.numpy() for each in tf.data.TFRecordDataset(paths)]


@pytest.mark.parametrize("files", [1, 3])
def test_order_does_not_depend_on_how_the_records_were_written(tmp_path, files):
    records = [record(f"{index}.mp4") for index in range(200)]
    write(tmp_path / "straight.gz", records)
    expected = cache_records([str(tmp_path / "straight.gz")], str(tmp_path / "a"))
    shuffled = random.Random(0).sample(records, len(records))
    for index in range(files):
        write(tmp_path / f"shuffled-{index}.gz", shuffled[index::files])
    kept = cache_records([str(tmp_path / "shuffled-*.gz")], str(tmp_path / "b"))
    assert kept.count == expected.count == 200
    assert kept.digest == expected.digest
    assert read(kept.files) == read(expected.files)
    assert sorted(read(kept.files)) == sorted(records)


def test_order_is_not_that_of_the_names(tmp_path):
    records = [record(f"{index:03d}.mp4") for index in range(50)]
    write(tmp_path / "named.gz", records)
    kept = cache_records([str(tmp_path / "named.gz")], str(tmp_path / "kept"))
    assert read(kept.files) != records


def test_digest_and_count_of_fakes_tell_what_is_in_the_records(tmp_path):
    write(tmp_path / "a.gz", [record("a.mp4", 1), record("b.mp4", 0), record("c.mp4", 1)])
    write(tmp_path / "b.gz", [record("a.mp4", 1), record("b.mp4", 1), record("c.mp4", 1)])
    first, second = (cache_records([str(tmp_path / f"{name}.gz")], str(tmp_path / name)) for name in "ab")
    assert (first.trained.fakes, second.trained.fakes) == (2, 3)
    assert first.digest != second.digest


def test_a_damaged_file_is_an_error(tmp_path):
    write(tmp_path / "whole.gz", [record("a.mp4")])
    content = gzip.decompress((tmp_path / "whole.gz").read_bytes())
    (tmp_path / "cut.gz").write_bytes(gzip.compress(content[:-3]))
    with pytest.raises(tf.errors.DataLossError):
        cache_records([str(tmp_path / "cut.gz")], str(tmp_path / "kept"))
