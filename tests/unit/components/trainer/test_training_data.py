"""The Trainer's input: every video once per epoch, in an order that depends on the seed and the epoch."""

import numpy as np
import pytest
import tensorflow as tf

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, LABEL_XF, VIDEO_ID_XF
from components.trainer.batches import read_batches
from components.trainer.class_weights import class_weights, prior_shift
from components.trainer.local_records import LocalRecords, cache_records
from components.trainer.trained_examples import Counts

VIDEOS = 150
SPECIFICATION = {
    FRAME_FEATURES_XF: tf.io.FixedLenFeature([20, 8], tf.float32),
    FRAME_MASK_XF: tf.io.FixedLenFeature([20], tf.int64),
    LABEL_XF: tf.io.FixedLenFeature([1], tf.int64),
}


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> LocalRecords:
    folder = tmp_path_factory.mktemp("records")
    with tf.io.TFRecordWriter(str(folder / "a.gz"), tf.io.TFRecordOptions(compression_type="GZIP")) as writer:
        for index in range(VIDEOS):
            example = tf.train.Example()
            feature = example.features.feature
            feature[VIDEO_ID_XF].bytes_list.value.append(f"{index}.mp4".encode())
            feature[LABEL_XF].int64_list.value.append(int(index % 5 != 0))
            feature[FRAME_FEATURES_XF].float_list.value.extend([index] * 160)
            feature[FRAME_MASK_XF].int64_list.value.extend([1] * 20)
            writer.write(example.SerializeToString())
    return cache_records([str(folder / "a.gz")], str(folder / "kept"))


def order(batches: tf.data.Dataset) -> list[int]:
    return [int(video) for inputs, _, _ in batches for video in inputs[FRAME_FEATURES_XF][:, 0, 0]]


def shuffled(records: LocalRecords, seed: int, epoch: int) -> list[int]:
    number = tf.Variable(epoch, dtype=tf.int64)
    return order(read_batches(records, SPECIFICATION, 16, shuffle_seed=seed, epoch=number))


def test_every_video_comes_once_in_batches_of_the_size_asked_for(records):
    batches = list(read_batches(records, SPECIFICATION, 16))
    assert [len(labels) for _, labels, _ in batches] == [16] * 9 + [6]
    assert sorted(order(read_batches(records, SPECIFICATION, 16))) == list(range(VIDEOS))
    assert sorted(shuffled(records, 0, 0)) == list(range(VIDEOS))
    inputs, labels, _ = batches[0]
    np.testing.assert_array_equal(labels[:, 0], inputs[FRAME_FEATURES_XF][:, 0, 0].numpy() % 5 != 0)
    assert inputs[FRAME_MASK_XF].dtype == tf.bool


def test_order_is_decided_by_seed_and_epoch(records):
    orders = [shuffled(records, seed, epoch) for seed, epoch in ((0, 0), (0, 1), (1, 0), (0, 0))]
    assert orders[0] == orders[3]
    assert orders[0] != orders[1]
    assert orders[0] != orders[2]
    assert orders[0] != order(read_batches(records, SPECIFICATION, 16))


def test_epoch_can_be_set_between_two_readings(records):
    number = tf.Variable(0, dtype=tf.int64)
    batches = read_batches(records, SPECIFICATION, 16, shuffle_seed=3, epoch=number)
    found = []
    for epoch in (0, 1, 2):
        number.assign(epoch)
        found.append(order(batches))
    assert found == [shuffled(records, 3, epoch) for epoch in (0, 1, 2)]


def test_balanced_weights_make_both_classes_count_alike(records):
    weights = class_weights("balanced", videos=records.count, fakes=records.trained.fakes)
    assert weights == pytest.approx((2.5, 0.625))
    assert prior_shift(weights, trained=records.trained, given=records.given) == pytest.approx(-np.log(4))
    total = {0: 0.0, 1: 0.0}
    for _, labels, video_weights in read_batches(records, SPECIFICATION, 16, class_weights=weights):
        for label, weight in zip(labels.numpy()[:, 0], video_weights.numpy(), strict=True):
            total[int(label)] += float(weight)
    assert total[0] == pytest.approx(total[1]) == pytest.approx(VIDEOS / 2)


@pytest.mark.parametrize("fakes", [0, 7])
def test_one_class_alone_is_not_weighted(fakes):
    assert class_weights("balanced", videos=7, fakes=fakes) == (1, 1)


@pytest.mark.parametrize("choice", ["balanced", "none"])
@pytest.mark.parametrize("trained", [Counts(20, 90), Counts(20, 40), Counts(60, 270)])
def test_augmentation_does_not_make_fakes_more_probable(choice, trained):
    """The learned log odds minus the shift are those of the data set's videos."""
    given = Counts(20, 50)
    weights = class_weights(choice, videos=sum(trained), fakes=trained.fakes)
    learnt = np.log(weights[1] * trained.fakes / (weights[0] * trained.reals))
    shift = prior_shift(weights, trained=trained, given=given)
    assert learnt - shift == pytest.approx(np.log(given.fakes / given.reals))
