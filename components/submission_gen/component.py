"""SubmissionGen: what a model says of each video, as rows and in the challenge's format."""

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
    """Gives `scores`: `scores.jsonl`, `submission.csv` and `outcome.json`."""

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
        """Makes the node.

        Args:
            videos: video examples in the split `score`.
            inference_result: that BulkInferrer gave.
            quarantine: that FrameFeatureGen gave.
            model: a version folder, whose description tells the verdicts.
            data_root: the folder or bucket that the examples' uris are relative to.
            data_fingerprint: of the videos, for the lineage.
            like: uri of a sample submission whose names are filled; empty for the names of the videos.
            like_digest: sha256 of that file, which stands for its content in the cache's key.
            prior: the value of what has no score.
            clip: nothing in the submission is below this, or above 1 - this.
            code_version: what the artifact depends on beside the parameters.
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
