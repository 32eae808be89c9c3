"""The training DAG."""

from collections.abc import Sequence

from ml_metadata.proto import metadata_store_pb2
from tfx import v1 as tfx
from tfx.dsl.components.base import executor_spec

from components.code_version import code_version
from components.evaluator.baseline import LatestOtherBlessedModel
from components.evaluator.component import Evaluator
from components.evaluator.eval_config import make_eval_config
from components.frame_encoder.component import FrameEncoder
from components.frame_feature_gen.component import FrameFeatureGen
from components.pusher.executor import Executor as PusherExecutor
from components.video_example_gen.component import VideoExampleGen
from pipeline.config import Config
from schemas import schema_path


def create_training_pipeline(
    config: Config,
    *,
    beam_pipeline_args: Sequence[str] = (),
    extraction_beam_args: Sequence[str] | None = None,
    metadata_connection_config: metadata_store_pb2.ConnectionConfig | None = None,
) -> tfx.dsl.Pipeline:
    """Wires the training DAG; reads nothing and writes nothing.

    Args:
        config: the run.
        beam_pipeline_args: for all nodes that use Beam.
        extraction_beam_args: for the extraction alone, in place of the ones above.
        metadata_connection_config: the MLMD store, where the runner wants one.
    """
    videos = VideoExampleGen(
        data_root=config.data.root,
        pattern=config.data.pattern,
        fingerprint=config.data.fingerprint,
        ratios=config.split.ratios,
        group_by=config.split.group_by,
        code_version=code_version("video_example_gen"),
    )
    statistics = tfx.components.StatisticsGen(examples=videos.outputs["examples"])
    video_schema = tfx.components.ImportSchemaGen(schema_file=schema_path("video")).with_id("VideoSchema")
    anomalies = tfx.components.ExampleValidator(
        statistics=statistics.outputs["statistics"], schema=video_schema.outputs["schema"]
    )
    encoder = FrameEncoder(
        weights=config.encoder.weights,
        weights_digest=config.encoder.weights_digest,
        code_version=code_version("frame_encoder"),
    )
    frame_features = FrameFeatureGen(
        videos=videos.outputs["examples"],
        encoder=encoder.outputs["model"],
        anomalies=anomalies.outputs["anomalies"],
        data_root=config.data.root,
        sampling=config.extraction.sampling,
        max_quarantine_ratio=config.data.max_quarantine_ratio,
        code_version=code_version("frame_encoder", "frame_feature_gen"),
    )
    if extraction_beam_args is not None:
        frame_features = frame_features.with_beam_pipeline_args(list(extraction_beam_args))
    feature_schema = tfx.components.ImportSchemaGen(schema_file=schema_path("frame_features")).with_id(
        "FrameFeatureSchema"
    )
    transform = tfx.components.Transform(
        examples=frame_features.outputs["examples"],
        schema=feature_schema.outputs["schema"],
        preprocessing_fn="components.transform.preprocessing.preprocessing_fn",
        splits_config=tfx.proto.SplitsConfig(analyze=["train"], transform=["train", "eval"]),
        custom_config={**config.transform.model_dump(), "code_version": code_version("transform")},
        # A histogram over 20 x 2048 numbers tells nothing, and takes longer than the features.
        disable_statistics=True,
    )
    trainer = tfx.components.Trainer(
        run_fn="components.trainer.run.run_fn",
        examples=transform.outputs["transformed_examples"],
        transform_graph=transform.outputs["transform_graph"],
        base_model=encoder.outputs["model"],
        train_args=tfx.proto.TrainArgs(splits=["train"]),
        eval_args=tfx.proto.EvalArgs(splits=["eval"]),
        custom_config={
            "settings": config.trainer.model_dump(),
            "seed": config.seed,
            "description": {
                "sampling": config.extraction.sampling,
                "crop": config.extraction.crop,
                "data_fingerprint": config.data.fingerprint,
            },
            "code_version": code_version("trainer", "frame_encoder"),
        },
    )
    baseline = tfx.dsl.Resolver(
        strategy_class=LatestOtherBlessedModel,
        model=tfx.dsl.Channel(type=tfx.types.standard_artifacts.Model),
        model_blessing=tfx.dsl.Channel(type=tfx.types.standard_artifacts.ModelBlessing),
        candidate=trainer.outputs["model"],
    ).with_id("BaselineModel")
    evaluator = Evaluator(
        examples=frame_features.outputs["examples"],
        model=trainer.outputs["model"],
        baseline_model=baseline.outputs["model"],
        eval_config=make_eval_config(config.evaluator.bounds),
        code_version=code_version("evaluator"),
    )
    pusher = tfx.components.Pusher(
        model=trainer.outputs["model"],
        model_blessing=evaluator.outputs["blessing"],
        push_destination=tfx.proto.PushDestination(
            filesystem=tfx.proto.PushDestination.Filesystem(base_directory=config.push_dir)
        ),
        custom_executor_spec=executor_spec.ExecutorClassSpec(PusherExecutor),
    )
    return tfx.dsl.Pipeline(
        pipeline_name=config.name,
        pipeline_root=config.pipeline_root,
        components=[
            videos,
            statistics,
            video_schema,
            anomalies,
            encoder,
            frame_features,
            feature_schema,
            transform,
            trainer,
            baseline,
            evaluator,
            pusher,
        ],
        enable_cache=True,
        beam_pipeline_args=list(beam_pipeline_args),
        metadata_connection_config=metadata_connection_config,
    )
