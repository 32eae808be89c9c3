"""FrameFeatureGen: sampled frames of every video as feature vectors."""

import dataclasses
import json

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Quarantine
from components.frame_feature_gen import executor
from components.served_model.face_tracks import FaceTracks
from components.served_model.window_options import WindowOptions
from components.video_decoding.colors import Hdr
from components.video_decoding.crop import Crop
from components.video_decoding.sampling import Sampling


class FrameFeatureGenSpec(component_spec.ComponentSpec):
    """Parameters, inputs and outputs of FrameFeatureGen."""

    PARAMETERS = {
        "data_root": component_spec.ExecutionParameter(type=str),
        "sampling": component_spec.ExecutionParameter(type=str, optional=True),
        "frames": component_spec.ExecutionParameter(type=int, optional=True),
        "crop": component_spec.ExecutionParameter(type=str, optional=True),
        "hdr": component_spec.ExecutionParameter(type=str, optional=True),
        "face_detector": component_spec.ExecutionParameter(type=str, optional=True),
        "face_model": component_spec.ExecutionParameter(type=str),
        "face_model_digest": component_spec.ExecutionParameter(type=str, optional=True),
        "window_options": component_spec.ExecutionParameter(type=str, optional=True),
        "faces": component_spec.ExecutionParameter(type=str, optional=True),
        "cache_dir": component_spec.ExecutionParameter(type=str),
        "self_blended": component_spec.ExecutionParameter(type=int),
        "recompressed": component_spec.ExecutionParameter(type=int),
        "min_frames": component_spec.ExecutionParameter(type=int, optional=True),
        "timeout_s": component_spec.ExecutionParameter(type=float),
        "memory_mb": component_spec.ExecutionParameter(type=int),
        "max_quarantine_ratio": component_spec.ExecutionParameter(type=float, optional=True),
        "attempt": component_spec.ExecutionParameter(type=str, optional=True),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "videos": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "encoder": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "anomalies": component_spec.ChannelParameter(type=standard_artifacts.ExampleAnomalies, optional=True),
    }
    OUTPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "test_examples": component_spec.ChannelParameter(type=standard_artifacts.Examples, optional=True),
        "serving_examples": component_spec.ChannelParameter(type=standard_artifacts.Examples, optional=True),
        "quarantine": component_spec.ChannelParameter(type=Quarantine),
    }


class FrameFeatureGen(base_beam_component.BaseBeamComponent):
    """Outputs frame-feature examples, by what the nodes after it need, and `quarantine`.

    `examples` holds the splits train and eval, `test_examples` the split test, and `serving_examples` a few videos of
    eval once more, for trying the exported model.
    """

    SPEC_CLASS = FrameFeatureGenSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self,
        *,
        videos: types.BaseChannel,
        encoder: types.BaseChannel,
        data_root: str | RuntimeParameter,
        cache_dir: str,
        timeout_s: float,
        memory_mb: int,
        code_version: str,
        sampling: Sampling | None = None,
        frames: int | None = None,
        crop: Crop | None = None,
        hdr: Hdr | None = None,
        min_frames: int | None = None,
        face_detector: str | None = None,
        face_model: str = "",
        face_model_digest: str | None = None,
        window_options: WindowOptions | None = None,
        faces: FaceTracks | None = None,
        max_quarantine_ratio: float | None = None,
        self_blended: int = 0,
        recompressed: int = 0,
        attempt: str | RuntimeParameter | None = None,
        anomalies: types.BaseChannel | None = None,
    ) -> None:
        """Without `sampling`, `encoder` must be a served model, and frames are extracted as for its training.

        Sampling, number of frames, crop, colours, face detector and `min_frames` are then read from the model's
        description, and the only outputs are `examples`, of all splits, and `quarantine`.

        Args:
            videos: video examples.
            encoder: the output of FrameEncoder, or a served model, which contains its encoder.
            data_root: the folder or bucket that the examples' uris are relative to.
            cache_dir: folder or bucket of the feature cache; empty for none.
            timeout_s: time limit for decoding one video, in seconds.
            memory_mb: memory limit for decoding one video, in mebibytes.
            code_version: what the artifacts depend on besides the parameters.
            sampling: which frames are taken.
            frames: how many frames are taken, T.
            crop: what the frames are cropped to.
            hdr: how high dynamic range is handled.
            min_frames: the fewest intact frames that a damaged or incomplete video must have.
            face_detector: what finds the faces if `crop` is `face`.
            face_model: uri of the detector's model file; empty if it needs none.
            face_model_digest: sha256 of that file, which represents its content in the cache key.
            window_options: if `encoder` is a served model, what is done otherwise than it does.
            faces: which faces of a window become clips; without it one does, or none.
            max_quarantine_ratio: the share of videos, from 0 to 1, above which the run fails; None for never.
            self_blended: how many pseudo-fakes are made of each REAL video of the train split.
            recompressed: how many recompressed variants are made of each video of the train split.
            attempt: affects only whether the result is taken from the cache.
            anomalies: if given, any anomaly stops the run here.
        """
        super().__init__(
            spec=FrameFeatureGenSpec(
                videos=videos,
                encoder=encoder,
                anomalies=anomalies,
                data_root=data_root,
                sampling=sampling,
                frames=frames,
                crop=crop,
                hdr=hdr,
                face_detector=face_detector,
                face_model=face_model,
                face_model_digest=face_model_digest,
                window_options=json.dumps(dataclasses.asdict(window_options)) if window_options else None,
                faces=faces.model_dump_json() if faces else None,
                cache_dir=cache_dir,
                self_blended=self_blended,
                recompressed=recompressed,
                min_frames=min_frames,
                timeout_s=timeout_s,
                memory_mb=memory_mb,
                max_quarantine_ratio=max_quarantine_ratio,
                attempt=attempt,
                code_version=code_version,
                examples=types.Channel(type=standard_artifacts.Examples),
                test_examples=types.Channel(type=standard_artifacts.Examples) if sampling else None,
                serving_examples=types.Channel(type=standard_artifacts.Examples) if sampling else None,
                quarantine=types.Channel(type=Quarantine),
            )
        )
