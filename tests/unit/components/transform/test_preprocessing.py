from collections.abc import Sequence

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform.beam as tft_beam
from encoder_sizes import FEW_FEATURES
from tensorflow_transform.tf_metadata import dataset_metadata, schema_utils

from components import features
from components.transform.preprocessing import preprocessing_fn

VIDEOS = 6
METADATA = dataset_metadata.DatasetMetadata(
    schema_utils.schema_from_feature_spec(
        {
            features.FRAME_FEATURES: tf.io.FixedLenFeature([features.FRAMES * FEW_FEATURES], tf.float32),
            features.FRAME_MASK: tf.io.FixedLenFeature([features.FRAMES], tf.int64),
            features.VIDEO_ID: tf.io.FixedLenFeature([1], tf.string),
            features.LABEL: tf.io.VarLenFeature(tf.string),
        }
    )
)


def videos(scale: float) -> tuple[np.ndarray, np.ndarray, list[bytes]]:
    generator = np.random.default_rng(0)
    values = generator.normal(3, scale, (VIDEOS, features.FRAMES, FEW_FEATURES)).astype(np.float32)
    mask = (np.arange(features.FRAMES) < generator.integers(1, 21, VIDEOS)[:, None]).astype(np.int64)
    # Values under the mask must not affect the result.
    values[mask == 0] = np.nan
    return values, mask, [b"FAKE", b"REAL"] * (VIDEOS // 2)


def transform(
    scale: float, tmp_path, *, order: Sequence[int] = range(VIDEOS), batch: int | None = None, **config: object
) -> tuple[list[dict[str, np.ndarray]], np.ndarray, np.ndarray]:
    values, mask, labels = videos(scale)
    rows = [
        {
            features.FRAME_FEATURES: values[index].ravel(),
            features.FRAME_MASK: mask[index],
            features.VIDEO_ID: np.asarray([f"{index}.mp4"], object),
            features.LABEL: [labels[index]],
        }
        for index in order
    ]
    with tft_beam.Context(temp_dir=str(tmp_path), desired_batch_size=batch):
        (transformed, _), _ = (rows, METADATA) | tft_beam.AnalyzeAndTransformDataset(
            lambda inputs: preprocessing_fn(inputs, config)
        )
    return transformed, values, mask


@pytest.mark.e2e
def test_videos_are_transformed_alike_in_whatever_order_and_batches_they_come(tmp_path):
    """Bit for bit, since a difference in the last bit would grow into a different model."""
    orders = [list(range(VIDEOS)), list(range(VIDEOS))[::-1], [3, 0, 5, 1, 4, 2]]
    found = []
    for order, batch in zip(orders, (VIDEOS, 4, 1), strict=True):
        rows, _, _ = transform(1e-4, tmp_path, order=order, batch=batch, normalization="zscore", clip=6.0)
        by_id = {row[features.VIDEO_ID_XF][0]: row[features.FRAME_FEATURES_XF] for row in rows}
        found.append(np.stack([by_id[name] for name in sorted(by_id)]))
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_array_equal(found[2], found[0])


@pytest.mark.e2e
@pytest.mark.parametrize("scale", [1.0, 1e-4])
def test_zscore_is_over_valid_frames_only(tmp_path, scale):
    rows, values, mask = transform(scale, tmp_path, normalization="zscore", clip=6.0)
    valid = values[mask == 1].astype(np.float64)
    expected = (values - valid.mean(axis=0)) / (valid.std(axis=0) + 1e-6)
    for index, row in enumerate(rows):
        found = row[features.FRAME_FEATURES_XF]
        np.testing.assert_allclose(found[mask[index] == 1], expected[index][mask[index] == 1], atol=0.02)
        assert not found[mask[index] == 0].any()
        np.testing.assert_array_equal(row[features.FRAME_MASK_XF], mask[index])


def test_label_is_one_for_fake(tmp_path):
    rows, _, _ = transform(1.0, tmp_path, normalization="none", clip=6.0)
    assert [int(row[features.LABEL_XF][0]) for row in rows] == [1, 0] * (VIDEOS // 2)


def test_without_normalization_features_stay_as_they_are(tmp_path):
    rows, values, mask = transform(1.0, tmp_path, normalization="none", clip=6.0)
    for index, row in enumerate(rows):
        np.testing.assert_array_equal(
            row[features.FRAME_FEATURES_XF][mask[index] == 1], values[index][mask[index] == 1]
        )
