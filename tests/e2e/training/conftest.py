"""Small inputs for training: transformed examples of two splits, their transform, and an encoder."""

import dataclasses
import pathlib
import types
from typing import Any

import apache_beam as beam
import keras
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from drawn_network import drawn_network
from encoder_sizes import FEW_FEATURES, FRAME_SIZE
from tensorflow_transform.tf_metadata import dataset_metadata, metadata_io, schema_utils

from components import features
from components.frame_encoder.build import build_encoder
from components.frame_encoder.graph import Network
from components.served_model.decision import DecisionSettings
from components.trainer.settings import TrainerSettings
from components.transform.preprocessing import preprocessing_fn

RAW = {
    features.FRAME_FEATURES: tf.io.FixedLenFeature([features.FRAMES * FEW_FEATURES], tf.float32),
    features.FRAME_MASK: tf.io.FixedLenFeature([features.FRAMES], tf.int64),
    features.VIDEO_ID: tf.io.FixedLenFeature([1], tf.string),
    features.GROUP_ID: tf.io.VarLenFeature(tf.string),
    features.LABEL: tf.io.VarLenFeature(tf.string),
}
VIDEOS = {"train": 48, "eval": 32}


@dataclasses.dataclass(frozen=True)
class TransformedVideos:
    """Paths of what the Trainer reads, and the raw examples of the eval split."""

    transform: str
    train: str
    eval: str
    encoder: str
    raw_eval: list[bytes]

    def function_arguments(
        self, folder: pathlib.Path, state: pathlib.Path, *, seed: int = 1, **settings: Any
    ) -> dict[str, Any]:
        """The arguments that TFX passes to the training function, as plain data; `folder` is for its outputs."""
        return {
            "transform_output": self.transform,
            "train_files": [self.train],
            "eval_files": [self.eval],
            "base_model": self.encoder,
            "hyperparameters": None,
            "model_run_dir": str(folder / "run"),
            "serving_model_dir": str(folder / "model"),
            "custom_config": {
                "settings": TrainerSettings(**settings).model_dump(),
                "decision": DecisionSettings().model_dump(),
                "given_fakes": 1.0,
                "seed": seed,
                "code_version": "1",
                "state_dir": str(state),
                "description": {
                    "sampling": "uniform",
                    "frames": features.FRAMES,
                    "crop": "center_square",
                    "hdr": "as_sdr",
                    "min_frames": 5,
                },
            },
        }


def raw_videos(count: int, seed: int) -> list[dict[str, Any]]:
    """Makes videos, three of four of them fake; fakes flicker a little more than real ones."""
    generator = np.random.default_rng(seed)
    rows = []
    for index in range(count):
        fake = index % 4 != 0
        frames = int(generator.integers(5, features.FRAMES + 1))
        values = generator.normal(0, 1.2 if fake else 1.0, (features.FRAMES, FEW_FEATURES))
        values[frames:] = 0
        rows.append(
            {
                features.FRAME_FEATURES: values.astype(np.float32).ravel(),
                features.FRAME_MASK: (np.arange(features.FRAMES) < frames).astype(np.int64),
                features.VIDEO_ID: np.asarray([f"{seed}-{index}.mp4"], object),
                features.GROUP_ID: [b"group-%d" % (index // 4)],
                features.LABEL: [b"FAKE" if fake else b"REAL"],
            }
        )
    return rows


@pytest.fixture(scope="session")
def transformed(tmp_path_factory: pytest.TempPathFactory) -> TransformedVideos:
    folder: pathlib.Path = tmp_path_factory.mktemp("transformed")
    metadata = dataset_metadata.DatasetMetadata(schema_utils.schema_from_feature_spec(RAW))
    splits = {name: raw_videos(count, seed) for seed, (name, count) in enumerate(VIDEOS.items())}
    options = {"normalization": "zscore", "clip": 6.0}
    with beam.Pipeline(runner="FnApiRunner") as pipeline, tft_beam.Context(temp_dir=str(folder / "tmp")):
        rows = {name: pipeline | name >> beam.Create(split) for name, split in splits.items()}
        analysis = tft_beam.AnalyzeDataset(lambda inputs: preprocessing_fn(inputs, options))
        transform = (rows["train"], metadata) | analysis
        transform | tft_beam.WriteTransformFn(str(folder / "transform"))
        for name, split in rows.items():
            values, transformed_metadata = ((split, metadata), transform) | f"{name}_xf" >> tft_beam.TransformDataset()
            coder = tft.coders.ExampleProtoCoder(transformed_metadata.schema)
            (
                values
                | f"{name}_code" >> beam.Map(coder.encode)
                | f"{name}_write" >> beam.io.WriteToTFRecord(str(folder / name), file_name_suffix=".gz")
            )
    # TFX's Transform writes it in addition to the results of the analysis.
    metadata_io.write_metadata(metadata, str(folder / "transform" / tft.TFTransformOutput.RAW_METADATA_DIR))
    build_encoder(
        tiny_encoder(),
        str(folder / "encoder"),
        weights="drawn",
        precision="float32",
        engine="tensorflow",
        sample_frames=lambda: np.zeros((0, FRAME_SIZE, FRAME_SIZE, 3), np.uint8),
    )
    raw_coder = tft.coders.ExampleProtoCoder(metadata.schema)
    return TransformedVideos(
        transform=str(folder / "transform"),
        train=str(folder / "train*"),
        eval=str(folder / "eval*"),
        encoder=str(folder / "encoder"),
        raw_eval=[raw_coder.encode(row) for row in splits["eval"]],
    )


def tiny_encoder() -> Network:
    frames = keras.Input((FRAME_SIZE, FRAME_SIZE, 3))
    convolved = keras.layers.Conv2D(FEW_FEATURES, 16, strides=16, use_bias=False)(frames)
    normalized = keras.layers.BatchNormalization(scale=False)(convolved)
    return drawn_network(frames, keras.layers.GlobalAveragePooling2D()(normalized))


@pytest.fixture
def train(transformed: TransformedVideos, tmp_path: pathlib.Path):
    """Runs the training function in this process and returns the folder of its outputs."""
    from components.trainer.run_fn import run_fn

    def run(name: str, **settings: Any) -> pathlib.Path:
        arguments = transformed.function_arguments(tmp_path / name, tmp_path / "state", **settings)
        run_fn(types.SimpleNamespace(**arguments))
        return tmp_path / name

    return run
