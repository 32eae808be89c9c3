import tensorflow as tf

from pipeline.exploration.artifact_tables import examples_table


def write_examples(folder, count: int) -> None:
    folder.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(folder / "data.gz"), "GZIP") as writer:
        for index in range(count):
            example = tf.train.Example()
            features = example.features.feature
            features["video_id"].bytes_list.value.append(f"{index}.mp4".encode())
            features["width"].int64_list.value.append(index)
            features["frame_features"].float_list.value.extend([0.5] * 40)
            features["codec"].SetInParent()
            writer.write(example.SerializeToString())


def test_examples_are_rows_and_long_features_are_counted(tmp_path):
    write_examples(tmp_path / "Split-train", 3)
    table = examples_table(str(tmp_path), "train", most=2)
    assert table["video_id"].tolist() == ["0.mp4", "1.mp4"]
    assert table["width"].tolist() == [0, 1]
    assert table["frame_features"].tolist() == ["40 values"] * 2
    assert table["codec"].tolist() == ["0 values"] * 2
