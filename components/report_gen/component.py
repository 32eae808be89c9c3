"""ReportGen: the results of a run as one HTML file."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Audits, Quarantine, Report, VideoMetrics
from components.report_gen import executor


class ReportGenSpec(component_spec.ComponentSpec):
    """Parameters, inputs and output of ReportGen."""

    PARAMETERS = {
        "data_root": component_spec.ExecutionParameter(type=str),
        "config": component_spec.ExecutionParameter(type=str),
        "filmstrips": component_spec.ExecutionParameter(type=int),
        "overlays": component_spec.ExecutionParameter(type=int),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "videos": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "statistics": component_spec.ChannelParameter(type=standard_artifacts.ExampleStatistics),
        "anomalies": component_spec.ChannelParameter(type=standard_artifacts.ExampleAnomalies),
        "quarantine": component_spec.ChannelParameter(type=Quarantine),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "model_run": component_spec.ChannelParameter(type=standard_artifacts.ModelRun),
        "video_metrics": component_spec.ChannelParameter(type=VideoMetrics),
        "blessing": component_spec.ChannelParameter(type=standard_artifacts.ModelBlessing),
        "pushed_model": component_spec.ChannelParameter(type=standard_artifacts.PushedModel),
        "serving_check": component_spec.ChannelParameter(type=standard_artifacts.InfraBlessing),
        "audits": component_spec.ChannelParameter(type=Audits, optional=True),
    }
    OUTPUTS = {"report": component_spec.ChannelParameter(type=Report)}


class ReportGen(base_component.BaseComponent):
    """Outputs `report`, which holds `index.html`."""

    SPEC_CLASS = ReportGenSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        videos: types.BaseChannel,
        statistics: types.BaseChannel,
        anomalies: types.BaseChannel,
        quarantine: types.BaseChannel,
        model: types.BaseChannel,
        model_run: types.BaseChannel,
        video_metrics: types.BaseChannel,
        blessing: types.BaseChannel,
        pushed_model: types.BaseChannel,
        serving_check: types.BaseChannel,
        data_root: str | RuntimeParameter,
        config: str,
        filmstrips: int,
        overlays: int,
        code_version: str,
        audits: types.BaseChannel | None = None,
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            videos: video examples.
            statistics: of the video examples.
            anomalies: of the video examples.
            quarantine: output of FrameFeatureGen.
            model: the candidate.
            model_run: its training curves.
            video_metrics: output of the Evaluator.
            blessing: output of the Evaluator.
            pushed_model: output of the Pusher, whether it pushed or not.
            serving_check: output of the ServingValidator.
            data_root: the folder or bucket of the videos, a few of which are shown.
            config: the run's config as JSON, for reproducing it.
            filmstrips: number of videos whose frames are shown.
            overlays: number of these that also get an occlusion map.
            code_version: what the artifact depends on besides the parameters.
            audits: output of the Auditor, if there is one.
        """
        super().__init__(
            spec=ReportGenSpec(
                videos=videos,
                statistics=statistics,
                anomalies=anomalies,
                quarantine=quarantine,
                model=model,
                model_run=model_run,
                video_metrics=video_metrics,
                blessing=blessing,
                pushed_model=pushed_model,
                serving_check=serving_check,
                audits=audits,
                data_root=data_root,
                config=config,
                filmstrips=filmstrips,
                overlays=overlays,
                code_version=code_version,
                report=types.Channel(type=Report),
            )
        )
