"""Mean and standard deviation over time, and a dense layer: cheap, and hard to beat."""

from typing import TYPE_CHECKING, Final

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.RUNNING
Hyperparameters = kinds.DenseHead
SEARCH_SPACE: Final = kinds.DENSE_HEAD_SEARCH_SPACE


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """Masked mean and deviation-Dropout-Dense-Dropout-sigmoid; invariant to the order of frames."""
    from components.trainer.layers import MaskedStatistics, RunningStatistics, apply_head, dense_head

    # In half precision the square of a feature may overflow.
    video = MaskedStatistics(dtype="float32")(frame_features, frame_mask)
    frames = RunningStatistics(dtype="float32")(frame_features)
    head = dense_head(hyperparameters.dense_units, hyperparameters.dropout)
    return apply_head(head, video, frames)
