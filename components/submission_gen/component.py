"""SubmissionGen: a model's verdict on each video, as rows and in the challenge's format."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Quarantine, Scores
from components.submission_gen import executor


class SubmissionGenSpec(component_spec.ComponentSpec):
    """Parameters, inputs and output of SubmissionGen."""

    PARAMETERS = {
        "data_root": component_spec.ExecutionParameter(type=str),
        "data_fingerprint": component_spec.ExecutionParameter(type=str),
        "like": component_spec.ExecutionParameter(type=str),
        "like_digest": component_spec.ExecutionParameter(type=str),
        "prior": component_spec.ExecutionParameter(type=float),
        "clip": component_spec.ExecutionParameter(type=float),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "videos": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "inference_result": component_spec.ChannelParameter(type=standard_artifacts.InferenceResult),
        "quarantine": component_spec.ChannelParameter(type=Quarantine),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
    }
    OUTPUTS = {"scores": component_spec.ChannelParameter(type=Scores)}


class SubmissionGen(base_component.BaseComponent):
    """Outputs `scores`: `scores.jsonl`, `submission.csv` and `outcome.json`."""

    SPEC_CLASS = SubmissionGenSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        videos: types.BaseChannel,
        inference_result: types.BaseChannel,
        quarantine: types.BaseChannel,
        model: types.BaseChannel,
        data_root: str | RuntimeParameter,
        data_fingerprint: str,
        like: str,
        like_digest: str,
        prior: float,
        clip: float,
        code_version: str,
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            videos: video examples in the split `score`.
            inference_result: output of BulkInferrer.
            quarantine: output of FrameFeatureGen.
            model: a version folder, whose description has the decision rule.
            data_root: the folder or bucket that the examples' uris are relative to.
            data_fingerprint: of the videos, for the lineage.
            like: uri of a sample submission whose names are filled in; empty to use the videos' names.
            like_digest: sha256 of that file, which represents its content in the cache key.
            prior: the value for videos without a score.
            clip: submitted values are clipped to [clip, 1 - clip].
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=SubmissionGenSpec(
                videos=videos,
                inference_result=inference_result,
                quarantine=quarantine,
                model=model,
                data_root=data_root,
                data_fingerprint=data_fingerprint,
                like=like,
                like_digest=like_digest,
                prior=prior,
                clip=clip,
                code_version=code_version,
                scores=types.Channel(type=Scores),
            )
        )
