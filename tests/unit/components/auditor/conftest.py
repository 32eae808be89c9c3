import numpy as np
import pytest
from encoder_sizes import AUDITED_FEATURES

from components import features
from components.auditor.retraining import Recipe, Retraining
from components.auditor.training_set import Added
from components.auditor.videos import CONTAINER_FACTS, Videos
from components.metrics.scores import Scores
from components.trainer.settings import TrainerSettings

GROUPS, MEMBERS = 30, 3


@pytest.fixture(scope="session")
def retraining() -> Retraining:
    settings = TrainerSettings(
        model="frame_mean", hyperparameters={"dropout": 0.0}, learning_rate=3e-3, epochs=8, class_weights="none"
    )
    return Retraining(
        Recipe(settings, given_fakes=1.0, seed=0, calibration="temperature", clip=0.01),
        frames=features.FRAMES,
        feature_size=AUDITED_FEATURES,
    )


@pytest.fixture
def make_videos():
    """Makes videos of noise; `signal` [N] is added to the first 64 features of each frame."""

    def make(labels: np.ndarray, groups: np.ndarray, signal: np.ndarray, **changes: object) -> Videos:
        count, generator = len(labels), np.random.default_rng(0)
        frames = generator.normal(0, 1, (count, features.FRAMES, AUDITED_FEATURES)).astype(np.float32)
        frames[:, :, :64] += signal.reshape(count, 1, -1)
        order = np.unique(groups, return_inverse=True)[1] % 5
        values = {
            "ids": np.asarray([f"{index}.mp4" for index in range(count)]),
            "groups": groups,
            "splits": np.select([order == 0, order == 1], ["test", "eval"], "train"),
            "labels": labels,
            "frame_features": frames,
            "transformed": frames,
            "mask": np.ones((count, features.FRAMES), bool),
            "scores": Scores(np.full(count, 0.5), np.full(count, 0.5)),
            "facts": [dict.fromkeys(CONTAINER_FACTS, 1.0) | {features.CODEC: "h264"} for _ in range(count)],
            "meta": [{} for _ in range(count)],
            "added": Added(frames[:0], np.ones((0, features.FRAMES), bool), np.zeros(0, np.int64), np.zeros(0, bool)),
            "digests": np.asarray([f"digest-{index}" for index in range(count)]),
        }
        return Videos(**{**values, **changes})

    return make


@pytest.fixture
def labels() -> np.ndarray:
    """All videos of a group have the same label."""
    return np.repeat(np.arange(GROUPS) % 2, MEMBERS)


@pytest.fixture
def groups() -> np.ndarray:
    return np.repeat([f"group-{index}" for index in range(GROUPS)], MEMBERS)
