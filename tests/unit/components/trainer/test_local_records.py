import gzip
import pathlib
import random

import pytest
import tensorflow as tf

from components.features import VIDEO_ID_XF
from components.trainer.local_records import keep_records


def record(video_id: str) -> bytes:
    example = tf.train.Example()
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
    expected, count = keep_records([str(tmp_path / "straight.gz")], str(tmp_path / "a"))
    shuffled = random.Random(0).sample(records, len(records))
    for index in range(files):
        write(tmp_path / f"shuffled-{index}.gz", shuffled[index::files])
    kept, kept_count = keep_records([str(tmp_path / "shuffled-*.gz")], str(tmp_path / "b"))
    assert count == kept_count == 200
    assert read(kept) == read(expected)
    assert sorted(read(kept)) == sorted(records)


def test_order_is_not_that_of_the_names(tmp_path):
    records = [record(f"{index:03d}.mp4") for index in range(50)]
    write(tmp_path / "named.gz", records)
    kept, _ = keep_records([str(tmp_path / "named.gz")], str(tmp_path / "kept"))
    assert read(kept) != records


def test_a_damaged_file_is_an_error(tmp_path):
    write(tmp_path / "whole.gz", [record("a.mp4")])
    content = gzip.decompress((tmp_path / "whole.gz").read_bytes())
    (tmp_path / "cut.gz").write_bytes(gzip.compress(content[:-3]))
    with pytest.raises(tf.errors.DataLossError):
        keep_records([str(tmp_path / "cut.gz")], str(tmp_path / "kept"))
