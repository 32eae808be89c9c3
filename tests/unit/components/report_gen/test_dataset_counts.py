import json

import tensorflow as tf

from components.report_gen.dataset_counts import SplitCount, read_dataset_counts

REFUSED = {"uri": "a", "stage": "decode", "detail": "why"}


def write_split(folder, split, videos):
    (folder / f"Split-{split}").mkdir(parents=True)
    with tf.io.TFRecordWriter(str(folder / f"Split-{split}" / "data.gz"), "GZIP") as writer:
        for label, group in videos:
            example = tf.train.Example()
            example.features.feature["label"].bytes_list.value.append(label.encode())
            example.features.feature["group_id"].bytes_list.value.append(group.encode())
            writer.write(example.SerializeToString())


def test_counts_labels_families_and_groups_that_are_torn(tmp_path):
    write_split(tmp_path, "train", [("REAL", "a"), ("FAKE", "a"), ("FAKE", "a"), ("REAL", "b")])
    write_split(tmp_path, "eval", [("FAKE", "c")])
    write_split(tmp_path, "test", [("FAKE", "a")])
    found = read_dataset_counts(str(tmp_path), str(tmp_path))
    assert found.splits == [
        SplitCount("train", real=2, fake=2, groups=2),
        SplitCount("eval", real=0, fake=1, groups=1),
        SplitCount("test", real=0, fake=1, groups=1),
    ]
    # b has no fake, c has one, a has three in two splits.
    assert found.families == {0: 1, 1: 1, 3: 1}
    assert found.leaking_groups == 1
    assert found.quarantined == 0


def test_quarantine_is_counted_by_reason_the_most_frequent_first(tmp_path):
    for split in ("train", "eval", "test"):
        write_split(tmp_path, split, [("REAL", split)])
    reasons = ["timeout", "no_frames", "no_frames"]
    rows = [{**REFUSED, "video_id": f"{index}.mp4", "reason": reason} for index, reason in enumerate(reasons)]
    (tmp_path / "quarantine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read_dataset_counts(str(tmp_path), str(tmp_path))
    assert [(refused.reason, refused.count) for refused in found.quarantine] == [("no_frames", 2), ("timeout", 1)]
    assert found.quarantine[0].examples == [("1.mp4", "why"), ("2.mp4", "why")]
