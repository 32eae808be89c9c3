"""The extraction as three nodes of one pipeline."""

import os
import pathlib
from collections.abc import Callable

import tensorflow as tf
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import sqlite_metadata_connection_config
from tfx.orchestration.pipeline import Pipeline

from components import features
from components.dataset.sources import read_dataset
from components.dataset.splitting.rules import SplitRatios, SplitRules
from components.examples import text_feature
from components.frame_encoder.component import FrameEncoder
from components.frame_feature_gen.component import FrameFeatureGen
from components.served_model.encoder_architecture import EncoderName
from components.video_example_gen.component import VideoExampleGen
from pipeline.runs.store import NodeArtifact, connect, latest_execution

OUTPUTS = sorted(set(features.OUTPUT_OF_SPLIT.values()))


def extraction_in(folder: pathlib.Path) -> Callable[..., dict[str, NodeArtifact]]:
    """Returns a function that runs VideoExampleGen, FrameEncoder and FrameFeatureGen.

    It returns the outputs of the last two by key. All its calls share one store, so that each encoder is built only
    once.
    """

    def run(
        data_root: pathlib.Path,
        *,
        weights: str,
        architecture: EncoderName = "mobilenet_v3_small",
        ratio: float,
        cache_dir: str = "",
        fingerprint: str = "",
        version: str = "",
        precision: str = "float32",
        frames: int = 20,
        self_blended: int = 0,
        **crop: str,
    ) -> dict[str, NodeArtifact]:
        store = str(folder / "metadata.sqlite")
        videos = VideoExampleGen(
            data_root=str(data_root),
            pattern=read_dataset(str(data_root)).pattern,
            fingerprint=fingerprint,
            rules=SplitRules(SplitRatios(1, 1, 1)),
            code_version="",
        )
        encoder = FrameEncoder(
            architecture=architecture,
            weights=weights,
            code_version="",
            videos=videos.outputs["examples"],
            data_root=str(data_root),
            precision=precision,
        )
        frame_features = FrameFeatureGen(
            videos=videos.outputs["examples"],
            encoder=encoder.outputs["model"],
            data_root=str(data_root),
            sampling="uniform",
            frames=frames,
            cache_dir=cache_dir,
            min_frames=5,
            timeout_s=60.0,
            memory_mb=1024,
            max_quarantine_ratio=ratio,
            code_version=version,
            self_blended=self_blended,
            **crop,
        )
        LocalDagRunner().run(
            Pipeline(
                pipeline_name="extraction",
                pipeline_root=str(folder / "artifacts"),
                components=[videos, encoder, frame_features],
                enable_cache=True,
                beam_pipeline_args=["--runner=FnApiRunner", "--sdk_container_image=none"],
                metadata_connection_config=sqlite_metadata_connection_config(store),
            )
        )
        executions = [
            latest_execution(connect(store), "extraction", node) for node in ("FrameEncoder", "FrameFeatureGen")
        ]
        return {output.key: output for execution in executions for output in execution.outputs}

    return run


def read_features(outputs: dict[str, NodeArtifact], split: str = "*") -> dict[str, tf.train.Example]:
    """Returns the frame-feature examples of all splits, or of one, by video id."""
    return {name: example for key in OUTPUTS for name, example in read_examples(outputs[key], split).items()}


def read_examples(artifact: NodeArtifact, split: str = "*") -> dict[str, tf.train.Example]:
    """Returns the examples of one artifact by video id."""
    files = tf.io.gfile.glob(os.path.join(artifact.uri, f"Split-{split}", "*.gz"))
    records = tf.data.TFRecordDataset(files, compression_type="GZIP")
    parsed = [tf.train.Example.FromString(record.numpy()) for record in records]
    return {text_feature(example, features.VIDEO_ID): example for example in parsed}


def counted(outputs: dict[str, NodeArtifact], name: str) -> int:
    """Returns a count in the properties, such as `cached` or `records_test`, over all splits."""
    return sum(outputs[key].properties.get(name, 0) for key in OUTPUTS)
