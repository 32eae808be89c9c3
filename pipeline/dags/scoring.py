"""The scoring DAG."""

from collections.abc import Callable, Sequence
from typing import Any

from ml_metadata.proto import metadata_store_pb2

# Not tfx.v1, which also imports the clients of Google Cloud: a fifth of the import time.
from tfx.components import StatisticsGen
from tfx.dsl.components.common.importer import Importer
from tfx.orchestration.pipeline import Pipeline
from tfx.types import standard_artifacts

from components.bulk_inferrer.component import BulkInferrer
from components.code_version import code_version
from components.drift_validator.component import DriftValidator
from components.frame_feature_gen.component import FrameFeatureGen
from components.submission_gen.component import SubmissionGen
from components.video_example_gen.component import VideoExampleGen
from pipeline.config.scoring import MODEL_NODE, ScoringConfig
from pipeline.dags.beam_nodes import set_beam_args


def create_scoring_pipeline(
    config: ScoringConfig,
    *,
    beam_pipeline_args: Sequence[str] = (),
    extraction_beam_args: Sequence[str] | None = None,
    parameter: Callable[[str, Any], Any] = lambda name, value: value,
    extraction_attempt: str = "",
    metadata_connection_config: metadata_store_pb2.ConnectionConfig | None = None,
) -> Pipeline:
    """Builds the scoring DAG; does no I/O.

    Args:
        config: the config of the run.
        beam_pipeline_args: for all nodes that use Beam.
        extraction_beam_args: for the extraction only, replacing the ones above.
        parameter: maps the name and value of a setting that changes from run to run to what the nodes receive.
        extraction_attempt: see `FrameFeatureGen`; changes when videos are to be tried again.
        metadata_connection_config: the MLMD store, if the runner needs one.
    """
    data_root = parameter("data_root", config.data.root)
    model = Importer(
        source_uri=parameter("model_uri", config.model),
        artifact_type=standard_artifacts.Model,
        # A different model in the same folder must be a different artifact.
        custom_properties={"model_digest": config.model_digest} if config.model_digest else None,
        output_key="model",
    ).with_id(MODEL_NODE)
    videos = VideoExampleGen(
        data_root=data_root,
        pattern=config.data.pattern,
        fingerprint=config.data.fingerprint,
        code_version=code_version("video_example_gen"),
    )
    statistics = StatisticsGen(examples=videos.outputs["examples"])
    frame_features = FrameFeatureGen(
        videos=videos.outputs["examples"],
        encoder=model.outputs["model"],
        data_root=data_root,
        cache_dir=config.feature_cache_dir,
        face_model=config.extraction.face_model,
        window_options=config.extraction.window_options,
        timeout_s=config.extraction.timeout_s,
        memory_mb=config.extraction.memory_mb,
        attempt=parameter("extraction_attempt", extraction_attempt or config.extraction.attempt) or None,
        code_version=code_version("frame_encoder", "frame_feature_gen", "trainer"),
    )
    # Without a blessing: only blessed models are pushed, and given a negative one BulkInferrer outputs nothing.
    predictions = BulkInferrer(
        examples=frame_features.outputs["examples"],
        model=model.outputs["model"],
        signature="serving_default",
        code_version=code_version("bulk_inferrer"),
    )
    submission = SubmissionGen(
        videos=videos.outputs["examples"],
        inference_result=predictions.outputs["inference_result"],
        quarantine=frame_features.outputs["quarantine"],
        model=model.outputs["model"],
        data_root=data_root,
        data_fingerprint=config.data.fingerprint,
        like=config.submission.like,
        like_digest=config.submission.like_digest,
        prior=config.submission.prior,
        clip=config.submission.clip,
        code_version=code_version("submission_gen", "evaluator", "trainer"),
    )
    drift = DriftValidator(
        statistics=statistics.outputs["statistics"],
        scores=submission.outputs["scores"],
        model=model.outputs["model"],
        settings=config.drift,
        code_version=code_version("drift_validator", "submission_gen", "trainer"),
    )
    nodes = [model, videos, statistics, frame_features, predictions, submission, drift]
    set_beam_args(nodes, beam_pipeline_args, {frame_features: extraction_beam_args})
    return Pipeline(
        pipeline_name=config.name,
        pipeline_root=config.artifacts_dir,
        components=nodes,
        enable_cache=True,
        metadata_connection_config=metadata_connection_config,
    )
