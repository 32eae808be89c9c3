"""The optional nodes that check a trained model on other videos than its run did."""

from typing import Any

from tfx.orchestration.data_types import RuntimeParameter

from components.auditor.component import Auditor
from components.code_version import code_version
from components.cross_validator.component import CrossValidator
from components.frame_feature_gen.component import FrameFeatureGen
from components.trainer.component import Trainer
from pipeline.config.training import TrainingConfig


def make_auditor(
    config: TrainingConfig, frame_features: FrameFeatureGen, trainer: Trainer, data_root: str | RuntimeParameter
) -> list[Auditor]:
    """Returns the node that makes the audits of the config, or none if it names none."""
    if not config.audits.names:
        return []
    return [
        Auditor(
            examples=frame_features.outputs["examples"],
            test_examples=frame_features.outputs["test_examples"],
            model=trainer.outputs["model"],
            settings=config.audits,
            **_video_files(config, data_root),
            code_version=code_version("auditor", "trainer", "evaluator", "frame_feature_gen"),
        )
    ]


def _video_files(config: TrainingConfig, data_root: str | RuntimeParameter) -> dict[str, Any]:
    if "robustness" not in config.audits.names:
        return {}
    extraction = config.extraction
    reading = {
        "cache_dir": config.feature_cache_dir,
        "face_model": extraction.face_detection["face_model"],
        "timeout_s": extraction.timeout_s,
        "memory_mb": extraction.memory_mb,
    }
    return {"data_root": data_root, "reading": reading}


def make_cross_validator(
    config: TrainingConfig, frame_features: FrameFeatureGen, trainer: Trainer
) -> list[CrossValidator]:
    """Returns the node that repeats the training for each fold, or none if the config wants no folds."""
    if not config.evaluator.cross_validation:
        return []
    return [
        CrossValidator(
            examples=frame_features.outputs["examples"],
            test_examples=frame_features.outputs["test_examples"],
            model=trainer.outputs["model"],
            folds=config.evaluator.cross_validation,
            normalization=config.transform.model_dump_json(),
            decision=config.decision,
            code_version=code_version("cross_validator"),
        )
    ]
