"""The configuration of a training run: typed and frozen."""

import json
import os

import pydantic

from components.auditor.settings import AuditSettings
from components.pusher.settings import CardSettings
from components.redaction import redact
from components.served_model.decision import DecisionSettings
from components.served_model.face_tracks import FaceTracks
from components.trainer.settings import TrainerSettings
from components.tuner.settings import TunerSettings
from components.video_decoding.faces.track_choice import TrackChoice
from pipeline.config.base import PipelineConfig
from pipeline.config.extraction import AugmentConfig, EncoderConfig, ExtractionConfig, FacesConfig
from pipeline.config.sections import (
    DataConfig,
    EvaluatorConfig,
    ReportConfig,
    SplitConfig,
    TransformConfig,
)


class TrainingConfig(PipelineConfig):
    """The config of a training run."""

    push_destination: str = pydantic.Field("", description="where models are pushed; RUNS_DIR/NAME/model if empty")
    seed: int = pydantic.Field(0, ge=0, description="of weights, dropout and shuffling")
    data: DataConfig = DataConfig()
    split: SplitConfig = SplitConfig()
    encoder: EncoderConfig = EncoderConfig()
    extraction: ExtractionConfig = ExtractionConfig()
    faces: FacesConfig = FacesConfig()
    augment: AugmentConfig = AugmentConfig()
    transform: TransformConfig = TransformConfig()
    tuner: TunerSettings = TunerSettings()
    trainer: TrainerSettings = TrainerSettings()
    decision: DecisionSettings = DecisionSettings()
    evaluator: EvaluatorConfig = EvaluatorConfig()
    audits: AuditSettings = AuditSettings()
    card: CardSettings = CardSettings()
    report: ReportConfig = ReportConfig()

    @property
    def feature_cache_dir(self) -> str:
        """The feature cache shared by all runs; empty for none."""
        return self.feature_cache_path(self.extraction.cache_dir)

    @property
    def face_tracks(self) -> FaceTracks | None:
        """Which faces of a window become clips; None if frames are not cropped to faces."""
        return FaceTracks(**self.faces.model_dump(), train_on="main") if self.extraction.crop == "face" else None

    @property
    def tracks(self) -> TrackChoice | None:
        """The same, as they are decoded."""
        return self.face_tracks.choice if self.face_tracks else None

    @property
    def features_a_video(self) -> int:
        """How many numbers a video becomes, T x D."""
        return self.extraction.frames * self.encoder.feature_size

    @property
    def training_state_dir(self) -> str:
        """Where the state of unfinished trainings is kept, to resume them."""
        return os.path.join(self.pipeline_root or self.run_dir, "training_state")

    @property
    def portable_json(self) -> str:
        """Everything but the engines' sections, without secrets, as the report shows it."""
        return json.dumps(redact(self.model_dump(mode="json", exclude={"vertex", "kubeflow"})))

    @property
    def push_dir(self) -> str:
        """Where blessed models are pushed, each in its own version folder."""
        return self.push_destination or os.path.join(self.run_dir, "model")
