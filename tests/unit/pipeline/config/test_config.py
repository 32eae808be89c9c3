import pytest

import configs
from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig


@pytest.mark.parametrize("name", configs.config_names())
def test_every_shipped_config_is_valid(name):
    kind = ScoringConfig if name == "scoring" else TrainingConfig
    assert load_config(name, [], kind).name


@pytest.mark.parametrize(
    ("name", "kind", "other"), [("scoring", TrainingConfig, "scoring"), ("demo", ScoringConfig, "training")]
)
def test_config_of_the_other_pipeline_is_told(name, kind, other):
    with pytest.raises(UserError, match=f"it is one of --pipeline {other}"):
        load_config(name, [], kind)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("drift.min_video=3", ["unknown key drift.min_video", "did you mean min_videos"]),
        ("drift.scores=2", ["drift.scores=2", "less than or equal to 1", "those of the test"]),
        ("submission.prior=-1", ["submission.prior=-1", "greater than or equal to 0"]),
        ("model=", ["model=''"]),
    ],
)
def test_wrong_key_of_a_scoring_run_is_told(override, words):
    with pytest.raises(UserError) as raised:
        load_config("scoring", [override], ScoringConfig)
    for word in words:
        assert word in str(raised.value)


def test_last_override_wins_over_file():
    config = load_config("demo", ["data.root=a", "trainer.epochs=3", "data.root=b"])
    assert (config.trainer.epochs, config.data.root) == (3, "b")
    assert config.trainer.learning_rate == load_config("demo").trainer.learning_rate


def test_notebook_repeats_the_notebooks_choices():
    config = load_config("notebook")
    assert (config.extraction.sampling, config.extraction.crop) == ("first", "center_square")
    trainer = config.trainer
    assert (trainer.model, trainer.learning_rate, trainer.batch_size) == ("gru", 1e-4, 16)
    assert (trainer.epochs, trainer.patience, trainer.frame_differences) == (10, 5, False)
    assert trainer.class_weights == "none"
    decision = config.decision
    assert (decision.calibration, decision.clip, decision.inconclusive_odds_ratio) == ("none", 0, 1)
    assert config.transform.normalization == "none"
    assert config.encoder.weights == "imagenet"


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("trainer.epoch=3", ["trainer.epoch", "did you mean epochs", "batch_size"]),
        ("trainer.epochs=many", ["trainer.epochs", "'many'"]),
        ("augment.given_fakes=1.5", ["augment.given_fakes", "all, none, or a share above 0 and below 1"]),
        ("augment.given_fakes=some", ["augment.given_fakes='some'", "all, none, or a share"]),
        ("augment.given_fakes=none", ["leaves no fakes to train on; set augment.self_blended"]),
        ("trainer.model=lstm", ["trainer.model", "'lstm'", "allowed are gru"]),
        ("trainer.hyperparameters.unit=8", ["trainer.hyperparameters", "gru has no unit", "units=(64, 32, 16)"]),
        ("trainer.hyperparameters.dropout=2", ["trainer.hyperparameters", "dropout=2", "less than 1", "gru takes"]),
        ("trainer.class_weights=equal", ["trainer.class_weights", "'equal'", "balanced"]),
        ("decision.calibration=platt", ["decision.calibration", "'platt'", "temperature"]),
        ("decision.false_alarm_cost=199", ["decision", "threshold at 0.995", "lower decision.clip"]),
        ("extraction.sampling=random", ["extraction.sampling", "'random'", "uniform", "first"]),
        ("split.group_by=actor", ["split.group_by", "'actor'", "meta/<column>"]),
        ("split.test=0", ["split.test", "0"]),
        ("name=My_Run", ["name", "'My_Run'", "a-z"]),
        ("evaluator.bounds.f1.min=0.5", ["evaluator.bounds", "allowed are auc"]),
        ("evaluator.bounds.auc.on=low", ["evaluator.bounds.auc.on", "'low'", "interval"]),
        ("evaluator.slice_bounds.actor.auc.min=0.5", ["evaluator.slice_bounds", "'actor'", "codec", "meta/*"]),
        ("evaluator.slice_bounds.codec.f1.min=0.5", ["evaluator.slice_bounds.codec", "allowed are auc"]),
        ("evaluator.slice_bounds={codec=h264: {auc: {minimum: 1}}}", ["codec=h264.auc.minimum", "did you mean min"]),
        ("evaluator.min_slice_videos=0", ["evaluator.min_slice_videos", "0", "each class"]),
        ("evaluator.bounds.auc.minimum=0.5", ["minimum", "min, max, worse_by"]),
        ("evaluator.cross_validation=2", ["evaluator.cross_validation", "2", "allowed are 0, 3 or more"]),
        ("evaluator.bounds_on=eval", ["evaluator.bounds_on", "'test' or 'cross_validation'"]),
        ("evaluator.bounds_on=cross_validation", ["evaluator.bounds_on", "--set evaluator.cross_validation=5"]),
        ("evaluator.baseline=", ["evaluator.baseline", "latest", "none"]),
        ("vertex.regoin=x", ["vertex.regoin", "did you mean region"]),
        ("vertex.image=pipeline", ["vertex.image", "'pipeline'", "HOST/PATH:TAG"]),
        ("vertex.image=gs://bucket/image:1", ["vertex.image", "HOST/PATH:TAG"]),
        ("vertex.project=My Project", ["vertex.project", "'My Project'"]),
        ("vertex.region=europe", ["vertex.region", "'europe'", "europe-west4"]),
        ("vertex.service_account=me", ["vertex.service_account", "'me'", "e-mail"]),
        ("vertex.network=default", ["vertex.network", "projects/NUMBER/global/networks/NAME"]),
        ("vertex.labels.Team=a", ["vertex.labels", "Team=a", "a-z"]),
        ("vertex.schedule=daily", ["vertex.schedule", "'daily'", "cron"]),
        ("vertex.resources.Trainer.cpus=4", ["vertex.resources.Trainer.cpus", "did you mean cpu"]),
        ("vertex.resources.Trainer.memory_gb=-1", ["vertex.resources.Trainer.memory_gb", "-1", "gigabytes"]),
        ("vertex.retries=99", ["vertex.retries", "99"]),
        ("vertex.retry_delay_s=3601", ["vertex.retry_delay_s", "3601", "3600"]),
        ("vertex.labels={" + ", ".join(f"l{number}: x" for number in range(62)) + "}", ["vertex.labels", "61"]),
        ("kubeflow.host=kubeflow", ["kubeflow.host", "'kubeflow'", "address"]),
        ("kubeflow.image=host/Deepfake:1", ["kubeflow.image", "'host/Deepfake:1'", "HOST/PATH:TAG"]),
        ("kubeflow.image=host/:1", ["kubeflow.image", "'host/:1'", "HOST/PATH:TAG"]),
        (f"kubeflow.image=host/{'a/' * 130}b:1", ["kubeflow.image", "255"]),
        ("kubeflow.namespace=Forensics", ["kubeflow.namespace", "'Forensics'"]),
        (f"kubeflow.namespace={'a' * 64}", ["kubeflow.namespace", "63"]),
        ("kubeflow.service_account=me@lab", ["kubeflow.service_account", "'me@lab'", "Kubernetes"]),
        (f"kubeflow.experiment={'a' * 129}", ["kubeflow.experiment", "128"]),
        ("kubeflow.resources.Trainer.cpu=0.0001", ["kubeflow.resources.Trainer.cpu", "0.0001", "cores"]),
        ("kubeflow.resources.Trainer.memory_gb=0.001", ["kubeflow.resources.Trainer.memory_gb", "0.001"]),
        ("kubeflow.resources.Trainer.accelerator=NVIDIA_TESLA_T4", ["NVIDIA_TESLA_T4", "nvidia.com/gpu"]),
        ("runs_dir=gs://bucket/runs", ["runs_dir", "'gs://bucket/runs'", "local", "pipeline_root"]),
        ("trainer", ["'trainer'", "a.b=c"]),
        ("nonsense=1", ["nonsense", "allowed are name"]),
    ],
)
def test_wrong_key_or_value_is_one_line_with_what_is_allowed(override, words):
    engine = override.partition(".")[0]
    with pytest.raises(UserError) as raised:
        load_config(engine if engine in ("vertex", "kubeflow") else "demo", [override])
    message = str(raised.value)
    assert "\n" not in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(("content", "words"), [("a: [", "not YAML"), ("- 1", "must be a mapping")])
def test_wrong_file_is_one_line(tmp_path, content, words):
    path = tmp_path / "config.yaml"
    path.write_text(content)
    with pytest.raises(UserError, match=words) as raised:
        load_config(str(path))
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_unknown_config_names_the_known_ones():
    with pytest.raises(UserError, match="demo, dfdc, kubeflow, notebook, recommended, scoring, vertex"):
        load_config("dmo")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            ["extraction.face_detector=dlib"],
            r"extraction\.face_detector='dlib': allowed are blazeface, haar, mtcnn, yunet",
        ),
        (["extraction.face_detector=yunet"], r"extraction\.face_model='': the detector yunet needs a model file"),
        (
            ["extraction.face_model=a.onnx"],
            r"extraction\.face_model='a\.onnx': the detector blazeface takes no model file",
        ),
    ],
)
def test_a_face_detector_that_cannot_be_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        load_config("demo", ["extraction.crop=face", *settings])


def test_what_finds_faces_decides_nothing_where_none_are_wanted():
    other = load_config("demo", ["extraction.face_detector=mtcnn"])
    assert other.extraction.face_detection == load_config("demo").extraction.face_detection
