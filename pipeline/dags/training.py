"""The training DAG."""

from collections.abc import Callable, Sequence
from typing import Any

from ml_metadata.proto import metadata_store_pb2

# Not tfx.v1, which also imports the clients of Google Cloud: a fifth of the import time.
from tfx.components import ExampleValidator, StatisticsGen, Tuner
from tfx.orchestration.pipeline import Pipeline
from tfx.proto import trainer_pb2, transform_pb2

from components import features
from components.code_version import code_version
from components.evaluator.baseline import latest_other_blessed_model, model_at
from components.evaluator.bounds import bounds_to_json, slice_bounds_to_json
from components.evaluator.component import Evaluator
from components.frame_encoder.component import FrameEncoder
from components.frame_feature_gen.component import FrameFeatureGen
from components.packaged_schema.component import PackagedSchema
from components.pusher.component import Pusher
from components.report_gen.component import ReportGen
from components.serving_validator.component import ServingValidator
from components.trainer.component import Trainer
from components.transform.component import Transform
from components.video_example_gen.component import VideoExampleGen
from pipeline.config.sections import LATEST_BASELINE, NO_BASELINE
from pipeline.config.training import TrainingConfig
from pipeline.dags.beam_nodes import set_beam_args
from pipeline.dags.checking_nodes import make_auditor, make_cross_validator
from schemas import frame_feature_schema, schema_text


def create_training_pipeline(
    config: TrainingConfig,
    *,
    beam_pipeline_args: Sequence[str] = (),
    extraction_beam_args: Sequence[str] | None = None,
    latest_blessed: Callable[[Any], Any] = latest_other_blessed_model,
    parameter: Callable[[str, Any], Any] = lambda name, value: value,
    extraction_attempt: str = "",
    metadata_connection_config: metadata_store_pb2.ConnectionConfig | None = None,
) -> Pipeline:
    """Builds the training DAG; does no I/O.

    Args:
        config: the config of the run.
        beam_pipeline_args: for all nodes that use Beam.
        extraction_beam_args: for the extraction only, replacing the ones above.
        latest_blessed: maps the candidate's channel to the node that finds the baseline in the engine's store.
        parameter: maps the name and value of a setting that changes from run to run to what the nodes receive: the
            value itself, or a RuntimeParameter if the pipeline is compiled for later runs.
        extraction_attempt: see `FrameFeatureGen`; changes when videos are to be tried again.
        metadata_connection_config: the MLMD store, if the runner needs one.
    """
    data_root = parameter("data_root", config.data.root)
    videos = VideoExampleGen(
        data_root=data_root,
        pattern=config.data.driver_pattern,
        fingerprint=config.data.fingerprint,
        rules=config.split.rules,
        pin=config.split.pin,
        pin_digest=config.split.pin_digest,
        manifest=config.data.manifest_below_root,
        code_version=code_version("video_example_gen"),
    )
    statistics = StatisticsGen(examples=videos.outputs["examples"])
    schema_version = code_version("packaged_schema")
    video_schema = PackagedSchema(text=schema_text("video"), code_version=schema_version).with_id("VideoSchema")
    anomalies = ExampleValidator(statistics=statistics.outputs["statistics"], schema=video_schema.outputs["schema"])
    encoder = FrameEncoder(
        architecture=config.encoder.architecture,
        weights=config.encoder.weights,
        weights_digest=config.encoder.weights_digest,
        precision=config.encoder.precision,
        engine=config.encoder.engine,
        videos=videos.outputs["examples"],
        data_root=data_root,
        code_version=code_version("frame_encoder", "frame_feature_gen"),
    )
    faces = config.extraction.face_detection
    frame_features = FrameFeatureGen(
        videos=videos.outputs["examples"],
        encoder=encoder.outputs["model"],
        anomalies=anomalies.outputs["anomalies"],
        data_root=data_root,
        sampling=config.extraction.sampling,
        frames=config.extraction.frames,
        crop=config.extraction.crop,
        hdr=config.extraction.hdr,
        face_detector=faces["face_detector"],
        face_model=faces["face_model"],
        face_model_digest=faces["face_model_digest"],
        faces=config.face_tracks,
        self_blended=config.augment.self_blended,
        recompressed=config.augment.recompressed,
        cache_dir=config.feature_cache_dir,
        min_frames=config.extraction.min_frames,
        timeout_s=config.extraction.timeout_s,
        memory_mb=config.extraction.memory_mb,
        attempt=parameter("extraction_attempt", extraction_attempt or config.extraction.attempt) or None,
        max_quarantine_ratio=config.data.max_quarantine_ratio,
        code_version=code_version("frame_encoder", "frame_feature_gen"),
    )
    feature_schema = PackagedSchema(
        text=frame_feature_schema(config.extraction.frames, config.encoder.feature_size), code_version=schema_version
    )
    feature_schema = feature_schema.with_id("FrameFeatureSchema")
    transform = Transform(
        examples=frame_features.outputs["examples"],
        schema=feature_schema.outputs["schema"],
        preprocessing_fn="components.transform.preprocessing.preprocessing_fn",
        splits_config=transform_pb2.SplitsConfig(analyze=["train"], transform=["train", "eval"]),
        custom_config={**config.transform.model_dump(), "code_version": code_version("transform")},
        # Histograms of T x D numbers are useless, and take longer than the features.
        disable_statistics=True,
    )
    tuner = []
    if config.tuner.enabled:
        tuner = [
            Tuner(
                tuner_fn="components.tuner.tuner_fn.tuner_fn",
                examples=transform.outputs["transformed_examples"],
                transform_graph=transform.outputs["transform_graph"],
                train_args=trainer_pb2.TrainArgs(splits=["train"]),
                eval_args=trainer_pb2.EvalArgs(splits=["eval"]),
                custom_config={
                    "settings": config.trainer.model_dump(),
                    "tuner": config.tuner.model_dump(),
                    "given_fakes": config.augment.given_share,
                    "seed": config.seed,
                    "state_dir": config.training_state_dir,
                    "code_version": code_version("tuner", "trainer"),
                },
            )
        ]
    trainer = Trainer(
        examples=transform.outputs["transformed_examples"],
        transform_graph=transform.outputs["transform_graph"],
        encoder=encoder.outputs["model"],
        settings=config.trainer,
        given_fakes=config.augment.given_share,
        decision=config.decision,
        splits=videos.outputs["splits"],
        hyperparameters=tuner[0].outputs["best_hyperparameters"] if tuner else None,
        epochs=parameter("epochs", config.trainer.epochs),
        seed=config.seed,
        state_dir=config.training_state_dir,
        description={
            "sampling": config.extraction.sampling,
            "frames": config.extraction.frames,
            "crop": config.extraction.crop,
            "hdr": config.extraction.hdr,
            "min_frames": config.extraction.min_frames,
            "self_blended": config.augment.self_blended,
            "faces": config.face_tracks.model_dump() if config.face_tracks else None,
            # Without the path of the detector's file, which does not affect the features.
            **{key: value for key, value in config.extraction.face_detection.items() if value and key != "face_model"},
            "data_fingerprint": config.data.fingerprint,
            "split": {
                "ratios": config.split.model_dump(include=set(features.SPLITS)),
                **config.split.model_dump(include={"by", "group_by"}),
            },
            **({"searched": True} if tuner else {}),
        },
        code_version=code_version("trainer", "frame_encoder"),
    )
    audits = make_auditor(config, frame_features, trainer, data_root)
    cross_validator = make_cross_validator(config, frame_features, trainer)
    baseline = []
    if config.evaluator.baseline == LATEST_BASELINE:
        baseline = [latest_blessed(trainer.outputs["model"])]
    elif config.evaluator.baseline != NO_BASELINE:
        baseline = [model_at(parameter("baseline_uri", config.evaluator.baseline))]
    evaluator = Evaluator(
        examples=frame_features.outputs["test_examples"],
        model=trainer.outputs["model"],
        baseline_model=baseline[0].outputs["model"] if baseline else None,
        bounds=parameter("bounds", bounds_to_json(config.evaluator.bounds)),
        slice_bounds=parameter("slice_bounds", slice_bounds_to_json(config.evaluator.slice_bounds)),
        min_slice_videos=config.evaluator.min_slice_videos,
        bounds_on=config.evaluator.bounds_on,
        out_of_fold=cross_validator[0].outputs["out_of_fold"] if cross_validator else None,
        code_version=code_version("evaluator"),
    )
    serving_validator = ServingValidator(
        model=trainer.outputs["model"],
        examples=frame_features.outputs["serving_examples"],
        code_version=code_version("serving_validator"),
    )
    pusher = Pusher(
        model=trainer.outputs["model"],
        model_blessing=evaluator.outputs["blessing"],
        infra_blessing=serving_validator.outputs["blessing"],
        video_metrics=evaluator.outputs["video_metrics"],
        statistics=statistics.outputs["statistics"],
        card=config.card,
        base_directory=config.push_dir,
        code_version=code_version("pusher"),
    )
    report = ReportGen(
        videos=videos.outputs["examples"],
        statistics=statistics.outputs["statistics"],
        anomalies=anomalies.outputs["anomalies"],
        quarantine=frame_features.outputs["quarantine"],
        model=trainer.outputs["model"],
        model_run=trainer.outputs["model_run"],
        video_metrics=evaluator.outputs["video_metrics"],
        blessing=evaluator.outputs["blessing"],
        pushed_model=pusher.outputs["pushed_model"],
        serving_check=serving_validator.outputs["blessing"],
        audits=audits[0].outputs["audits"] if audits else None,
        data_root=data_root,
        config=config.portable_json,
        filmstrips=config.report.filmstrips,
        overlays=config.report.overlays,
        code_version=code_version("report_gen", "frame_feature_gen"),
    )
    nodes = [
        videos,
        statistics,
        video_schema,
        anomalies,
        encoder,
        frame_features,
        feature_schema,
        transform,
        *tuner,
        trainer,
        *audits,
        *cross_validator,
        *baseline,
        evaluator,
        serving_validator,
        pusher,
        report,
    ]
    set_beam_args(nodes, beam_pipeline_args, {frame_features: extraction_beam_args})
    return Pipeline(
        pipeline_name=config.name,
        pipeline_root=config.artifacts_dir,
        components=nodes,
        enable_cache=True,
        metadata_connection_config=metadata_connection_config,
    )
