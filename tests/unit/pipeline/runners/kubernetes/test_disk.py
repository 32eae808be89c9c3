"""How much disk the nodes ask for on Kubeflow Pipelines."""

import pytest

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.runners.kubernetes.disk import disk_gb, tell_disk

# DFDC has 119,154 videos of 164 kB of features each: 19.5 GB, of which train and eval are nine tenths.
VIDEOS = "kubeflow.videos=119154"
GPU = "kubeflow.resources.Trainer.accelerator=nvidia.com/gpu"


def told(*settings: str) -> list[str]:
    config = load_config("kubeflow", ["augment={}", "kubeflow.videos=0", *settings])
    return tell_disk(config, config.kubeflow)


def test_each_node_asks_for_what_it_takes_in_and_puts_out():
    assert told(VIDEOS) == [
        "disk: Transform and Trainer 47 GB, FrameFeatureGen 31 GB, Evaluator 13 GB, each other node 10 GB"
    ]


def test_nodes_that_are_optional_ask_only_if_they_are_there():
    (line,) = told(VIDEOS, "tuner.enabled=true", "audits.names=[order]")
    assert "Transform and Trainer and Tuner 47 GB, FrameFeatureGen and Auditor 31 GB" in line


def test_a_larger_share_for_the_test_split_moves_the_disk_to_the_evaluator():
    config = load_config("kubeflow", ["augment={}", VIDEOS, "split.train=1", "split.test=8"])
    assert disk_gb(config, config.kubeflow, "Evaluator") == 10 + 17
    assert disk_gb(config, config.kubeflow, "Trainer") == 10 + 9


def test_pseudo_fakes_need_disk_too():
    plain, blended = (
        load_config("kubeflow", ["augment={}", VIDEOS, f"augment.self_blended={copies}"]) for copies in (0, 1)
    )
    trained = [disk_gb(config, config.kubeflow, "Trainer") for config in (plain, blended)]
    tested = [disk_gb(config, config.kubeflow, "Evaluator") for config in (plain, blended)]
    assert trained == [47, 80]
    assert tested == [13, 13]


def test_what_is_set_counts():
    (line,) = told("kubeflow.resources.Trainer.disk_gb=80", "kubeflow.resources.default.disk_gb=7.5", VIDEOS)
    assert line == "disk: Trainer 80 GB, each other node 7.5 GB"
    assert told("kubeflow.resources.Trainer.disk_gb=80") == ["disk: Trainer 80 GB"]


def test_without_the_number_of_videos_none_is_asked_for_and_that_is_told():
    (line,) = told()
    assert "none" in line
    assert "kubeflow.videos" in line


def test_a_node_with_an_accelerator_cannot_ask_and_that_is_told():
    asking = "disk: Transform 47 GB, FrameFeatureGen 31 GB, Evaluator 13 GB, each other node 10 GB"
    unable = "disk: none can be asked for along with nvidia.com/gpu; the machines must have it: Trainer 47 GB"
    assert sorted(told(VIDEOS, GPU)) == [asking, unable]
    (line,) = told(VIDEOS, "kubeflow.resources.default.accelerator=nvidia.com/gpu")
    assert "none can be asked for along with nvidia.com/gpu" in line
    assert line.endswith("Transform and Trainer 47 GB, FrameFeatureGen 31 GB, Evaluator 13 GB, each other node 10 GB")


@pytest.mark.parametrize(
    ("target", "settings", "words"),
    [
        ("kubeflow", [GPU, "kubeflow.resources.Trainer.disk_gb=50"], ["Trainer.disk_gb", "nvidia.com/gpu"]),
        ("kubeflow", ["kubeflow.resources.Trainer.disk_gb=0"], ["Trainer.disk_gb", "greater than 0"]),
        ("vertex", ["vertex.resources.Trainer.disk_gb=50"], ["unknown key vertex.resources.Trainer.disk_gb"]),
    ],
)
def test_disk_that_cannot_be_asked_for_is_refused_in_a_line(target, settings, words):
    with pytest.raises(UserError) as raised:
        load_config(target, settings)
    message = str(raised.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_scoring_holds_the_features_of_all_videos_twice_at_most():
    config = load_config("scoring", ["kubeflow.videos=100000"], ScoringConfig)
    assert tell_disk(config, config.kubeflow) == [
        "disk: BulkInferrer 45 GB, FrameFeatureGen and SubmissionGen 28 GB, each other node 10 GB"
    ]
