"""Each architecture of the encoder: built, part of a served model, and run by a process with TensorFlow alone."""

import pathlib
import subprocess
import sys

import apache_beam as beam
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from drawn_frames import moving_shapes
from tensorflow_transform.tf_metadata import dataset_metadata, metadata_io, schema_utils

from components import features
from components.frame_encoder.build import build_encoder
from components.frame_encoder.graph import Network
from components.frame_encoder.network import build_network
from components.served_model.encoder import load_encoder, read_description
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES
from components.trainer.model import build_model
from components.trainer.settings import TrainerSettings
from components.trainer.signatures import export_served_model
from components.transform.preprocessing import preprocessing_fn

pytestmark = pytest.mark.e2e

FRAMES = 3
# It has its own preprocessing and layers that take no BatchNorm; other runs take `SMALL_ENCODER`.
QUICK = ("resnet_50_v2",)
ALL = [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in ENCODER_ARCHITECTURES]
SCRIPT = """
import sys
import numpy as np
import tensorflow as tf
inputs = np.load(sys.argv[1])
signatures = tf.saved_model.load(sys.argv[2]).signatures
told = signatures["serve_frames"](frames=tf.constant(inputs["frames"]), frame_mask=tf.constant(inputs["mask"]))
np.savez(sys.argv[3], **{name: value.numpy() for name, value in told.items()})
"""


def drawn_clips(size: int) -> np.ndarray:
    """Draws uint8 [2, FRAMES, size, size, 3]."""
    return np.stack([np.stack(moving_shapes(FRAMES, size, size, seed=seed)) for seed in (0, 1)])


def by_keras(network: Network, clips: np.ndarray) -> np.ndarray:
    frames = clips.reshape(-1, *clips.shape[2:]).astype(np.float32)
    return np.asarray(network.model(network.preprocess(frames), training=False)).reshape(2, FRAMES, -1)


def write_transform(folder: pathlib.Path, feature_size: int) -> tft.TFTransformOutput:
    """Writes the transform that takes features as they are."""
    raw = {
        features.FRAME_FEATURES: tf.io.FixedLenFeature([FRAMES * feature_size], tf.float32),
        features.FRAME_MASK: tf.io.FixedLenFeature([FRAMES], tf.int64),
        features.VIDEO_ID: tf.io.FixedLenFeature([1], tf.string),
        features.LABEL: tf.io.VarLenFeature(tf.string),
    }
    row = {
        features.FRAME_FEATURES: np.zeros(FRAMES * feature_size, np.float32),
        features.FRAME_MASK: np.ones(FRAMES, np.int64),
        features.VIDEO_ID: np.asarray([b"a.mp4"], object),
        features.LABEL: np.asarray([b"REAL"], object),
    }
    metadata = dataset_metadata.DatasetMetadata(schema_utils.schema_from_feature_spec(raw))
    with beam.Pipeline(runner="FnApiRunner") as pipeline, tft_beam.Context(temp_dir=str(folder / "temporary")):
        rows = (pipeline | beam.Create([row]), metadata)
        options = {"normalization": "none", "clip": 1.0}
        analysed = rows | tft_beam.AnalyzeDataset(lambda inputs: preprocessing_fn(inputs, options))
        analysed | tft_beam.WriteTransformFn(str(folder / "transform"))
    metadata_io.write_metadata(metadata, str(folder / "transform" / tft.TFTransformOutput.RAW_METADATA_DIR))
    return tft.TFTransformOutput(str(folder / "transform"))


@pytest.mark.parametrize("name", ALL)
def test_served_model_computes_what_keras_computes(name, tmp_path):
    architecture = ENCODER_ARCHITECTURES[name]
    network = build_network(name, "random:0")
    clips = drawn_clips(architecture.frame_size)
    expected = by_keras(network, clips)
    assert np.ptp(expected.mean(axis=2)) > 0

    path = str(tmp_path / "encoder")
    common = {"weights": "random:0", "engine": "tensorflow", "sample_frames": lambda: clips[0]}
    build_encoder(network, path, precision="float32", **common)
    described = read_description(path)
    assert described.architecture == name
    assert (described.frame_size, described.feature_size) == (architecture.frame_size, architecture.feature_size)
    encoded = load_encoder(path)(clips.reshape(-1, *clips.shape[2:])).reshape(2, FRAMES, -1)
    assert np.linalg.norm(encoded - expected) / np.linalg.norm(expected) < 1e-4

    transform = write_transform(tmp_path, architecture.feature_size)
    model = build_model(TrainerSettings(model="frame_mean"), frames=FRAMES, feature_size=architecture.feature_size)
    export_served_model(model, transform, path, str(tmp_path / "served"))
    mask = np.asarray([[1, 1, 1], [1, 1, 0]], np.int64)
    np.savez(tmp_path / "inputs.npz", frames=clips, mask=mask)
    script = [sys.executable, "-c", SCRIPT, tmp_path / "inputs.npz", tmp_path / "served", tmp_path / "told.npz"]
    subprocess.run(script, check=True, capture_output=True)
    told = np.load(tmp_path / "told.npz")
    wanted = model.predict_on_batch(
        {features.FRAME_FEATURES_XF: expected * mask[:, :, None], features.FRAME_MASK_XF: mask.astype(bool)}
    )
    for output, values in wanted.items():
        np.testing.assert_allclose(told[output], values, atol=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_bfloat16_agrees_where_it_is_taken(name, tmp_path):
    network = build_network(name, "random:0")
    (clip, _) = drawn_clips(network.frame_size)
    described = build_encoder(
        network,
        str(tmp_path / "encoder"),
        weights="random:0",
        precision="auto",
        engine="tensorflow",
        sample_frames=lambda: clip,
        has_bfloat16=lambda: True,
    )
    encoded = load_encoder(str(tmp_path / "encoder"))(clip)
    expected = np.asarray(network.model(network.preprocess(clip.astype(np.float32)), training=False))
    cosines = (encoded * expected).sum(1) / np.linalg.norm(encoded, axis=1) / np.linalg.norm(expected, axis=1)
    assert cosines.min() >= (0.998 if described.precision == "bfloat16" else 1 - 1e-6)
