"""A model that was trained on 8:1:1 is judged after 8:1:2: it says what it knew, and its figure is that of the rest."""

import json
import pathlib
import shutil
import types
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from encoder_sizes import FEW_FEATURES
from sklearn.metrics import roc_auc_score
from tfx.types import artifact_utils, standard_artifacts

from components import features
from components.artifacts import VideoMetrics
from components.csv_lines import csv_lines
from components.evaluator.executor import Executor as Evaluator
from components.served_model.training_videos import TRAINING_VIDEOS_FILE
from components.served_model.version_files import find_listed_damage, write_version_files

pytestmark = pytest.mark.e2e

SERVED = "Format-Serving"
SETTINGS = {"model": "frame_mean", "epochs": 1, "learning_rate": 1e-3}
HEADER = ("uri", "label", "group_id", "split", "official_split", "content_digest", "placed_by")
PER_GROUP = 4
# By the number of a group, of forty.
FIRST = ["train"] * 32 + ["eval"] * 4 + ["test"] * 4
LATER = ["train"] * 30 + ["test"] * 10
TESTED = [number for number, split in enumerate(LATER) if split == "test"]


def label(index: int) -> str:
    return features.REAL if index == 0 else features.FAKE


def name(group: int, index: int) -> str:
    return f"{group}-{index}.mp4"


def write_splits(folder: pathlib.Path, splits: list[str]) -> str:
    folder.mkdir()
    rows = [
        (name(group, index), label(index), str(group), split, "", f"digest of {name(group, index)}", "hash")
        for group, split in enumerate(splits)
        for index in range(PER_GROUP)
    ]
    (folder / "splits.csv").write_text(csv_lines([HEADER, *rows]))
    return str(folder)


@pytest.fixture(scope="module")
def models(transformed, tmp_path_factory) -> dict[str, pathlib.Path]:
    """The Trainer's artifacts: of a first training, of a later one, of one started from the first, and of before."""
    from components.trainer.run_fn import run_fn

    folder = tmp_path_factory.mktemp("models")
    splits = {"first": FIRST, "later": LATER, "started": LATER}
    for turn, (model, placed) in enumerate(splits.items()):
        warm_start = str(folder / "first" / SERVED) if model == "started" else ""
        arguments = transformed.function_arguments(folder / model, folder / "state", **SETTINGS, warm_start=warm_start)
        config = arguments["custom_config"]
        config["seed"] = turn
        config["splits"] = write_splits(folder / f"splits of {model}", placed)
        config["description"]["split"] = {"ratios": {"train": 8, "eval": 1, "test": 2}, "group_by": "original"}
        run_fn(types.SimpleNamespace(**{**arguments, "serving_model_dir": str(folder / model / SERVED)}))
    shutil.copytree(folder / "first", folder / "before")
    (folder / "before" / SERVED / TRAINING_VIDEOS_FILE).unlink()
    path = folder / "before" / SERVED / "assets.extra" / "model.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps({key: described[key] for key in described if key not in ("split", "training_videos")}))
    return {model: folder / model for model in (*splits, "before")}


@pytest.fixture(scope="module")
def tested(tmp_path_factory) -> standard_artifacts.Examples:
    """Frame-feature examples of the later test split."""
    folder, generator = tmp_path_factory.mktemp("tested"), np.random.default_rng(5)
    (folder / "Split-test").mkdir()
    options = tf.io.TFRecordOptions(compression_type="GZIP")
    with tf.io.TFRecordWriter(str(folder / "Split-test" / "data.gz"), options) as writer:
        for group in TESTED:
            for index in range(PER_GROUP):
                example = tf.train.Example()
                feature = example.features.feature
                values = generator.normal(0, 1 + 0.1 * (index > 0), features.FRAMES * FEW_FEATURES)
                feature[features.FRAME_FEATURES].float_list.value.extend(values)
                feature[features.FRAME_MASK].int64_list.value.extend([1] * features.FRAMES)
                feature[features.FRAME_TIMESTAMPS_S].float_list.value.extend(range(features.FRAMES))
                texts = {
                    # Other names than in the first training: a file is known by its bytes.
                    features.VIDEO_ID: f"renamed/{name(group, index)}",
                    features.URI: f"renamed/{name(group, index)}",
                    features.GROUP_ID: str(group) if group != 31 else "renamed",
                    features.LABEL: label(index),
                    # Of group 30 the bytes are others.
                    features.CONTENT_DIGEST: f"digest of {name(group, index)}" + ("?" if group == 30 else ""),
                }
                for key, text in texts.items():
                    feature[key].bytes_list.value.append(text.encode())
                writer.write(example.SerializeToString())
    artifact = standard_artifacts.Examples()
    artifact.uri = str(folder)
    artifact.split_names = artifact_utils.encode_split_names(["test"])
    return artifact


@pytest.fixture
def evaluate(models, tested, tmp_path):
    """Runs the Evaluator on a candidate and a baseline; returns `metrics.json`, `decision.json` and the predictions."""

    def evaluate(candidate: str, baseline: str) -> tuple[dict, dict, list[dict]]:
        outputs: dict[str, Any] = {
            "evaluation": standard_artifacts.ModelEvaluation(),
            "blessing": standard_artifacts.ModelBlessing(),
            "video_metrics": VideoMetrics(),
        }
        for key, artifact in outputs.items():
            artifact.uri = str(tmp_path / key)
            (tmp_path / key).mkdir()
        inputs: dict[str, Any] = {"examples": [tested]}
        for key, model in (("model", candidate), ("baseline_model", baseline)):
            artifact = standard_artifacts.Model()
            artifact.uri = str(models[model])
            inputs[key] = [artifact]
        bounds = {"bounds": '{"auc": {"worse_by": 1.0}}', "slice_bounds": "{}", "bounds_on": "test"}
        properties = {**bounds, "min_slice_videos": 1}
        Evaluator().Do(inputs, {key: [artifact] for key, artifact in outputs.items()}, properties)
        folder = tmp_path / "video_metrics"
        metrics, decision = (json.loads((folder / f"{name}.json").read_text()) for name in ("metrics", "decision"))
        lines = (folder / "predictions.jsonl").read_text().splitlines()
        return metrics, decision, list(map(json.loads, lines))

    return evaluate


def direct_auc(model: pathlib.Path, tested: standard_artifacts.Examples, groups: list[int]) -> float:
    """What anyone computes who loads the model and asks it of these groups."""
    served = tf.saved_model.load(str(model / SERVED)).signatures["serving_default"]
    files = tf.io.gfile.glob(f"{tested.uri}/Split-test/*")
    records = list(tf.data.TFRecordDataset(files, "GZIP").as_numpy_iterator())
    probabilities = served(tf.constant(records))[features.PROBABILITY_FAKE].numpy()[:, 0].reshape(-1, PER_GROUP)
    members = np.isin(TESTED, groups)
    labels = np.tile(np.arange(PER_GROUP) > 0, (members.sum(), 1))
    return roc_auc_score(labels.ravel(), probabilities[members].ravel())


def test_a_baseline_says_how_many_it_knew_and_its_figure_is_that_of_the_rest(models, tested, evaluate):
    metrics, decision, predictions = evaluate("later", "first")
    # Groups 30 to 35 were in the first training: 30 by its name, the others by their bytes.
    assert metrics["known"]["baseline"] == {"digest": 20, "group": 4, "unknown": 0, "complete": True}
    assert metrics["known"]["candidate"] == {"digest": 0, "group": 0, "unknown": 0, "complete": True}
    unknown = [36, 37, 38, 39]
    comparison = metrics["comparison"]
    for side, groups in (("unknown_to_both", unknown), ("all", TESTED)):
        found = comparison[side]["metrics"]["auc"]
        assert found["baseline"] == pytest.approx(direct_auc(models["first"], tested, groups), abs=1e-6)
        assert found["candidate"] == pytest.approx(direct_auc(models["later"], tested, groups), abs=1e-6)
    assert comparison["unknown_to_both"]["videos"] == {"FAKE": 12, "REAL": 4}
    assert metrics["metrics"]["auc"]["value"] == comparison["all"]["metrics"]["auc"]["candidate"]
    (rule,) = decision["rules"]
    assert rule["value"] == pytest.approx(comparison["unknown_to_both"]["metrics"]["auc"]["change"]["value"])
    assert "on 16 videos, as the baseline was trained on 24 of the 40 videos" in rule["message"]
    assert metrics["remarks"][0].startswith("the baseline was trained on 24 of the 40 videos")
    assert {row["known"] for row in predictions} == {"no"}


def test_a_model_started_from_it_is_judged_by_the_rest(models, tested, evaluate):
    metrics, _, predictions = evaluate("started", "before")
    assert metrics["known"]["candidate"] == {"digest": 20, "group": 4, "unknown": 0, "complete": True}
    assert metrics["videos"] == {"FAKE": 12, "REAL": 4}
    value = direct_auc(models["started"], tested, [36, 37, 38, 39])
    assert metrics["metrics"]["auc"]["value"] == pytest.approx(value, abs=1e-6)
    value = direct_auc(models["started"], tested, TESTED)
    assert metrics["metrics_with_known"]["auc"]["value"] == pytest.approx(value, abs=1e-6)
    assert len(predictions) == 40
    # The baseline is of before: nothing is known of it.
    assert metrics["known"]["baseline"] == {"digest": 0, "group": 0, "unknown": 40, "complete": False}
    assert any(remark.startswith("unknown is whether the baseline") for remark in metrics["remarks"])


def test_the_list_is_one_of_the_models_files(models, tmp_path):
    version = tmp_path / "1"
    shutil.copytree(models["first"] / SERVED, version)
    write_version_files(str(version))
    assert TRAINING_VIDEOS_FILE in json.loads((version / "assets.extra" / "files.json").read_text())
    content = (version / TRAINING_VIDEOS_FILE).read_bytes()
    for damaged in (content[:-8], content[:200] + bytes([content[200] ^ 1]) + content[201:]):
        (version / TRAINING_VIDEOS_FILE).write_bytes(damaged)
        assert TRAINING_VIDEOS_FILE in find_listed_damage(str(version), content=True)
    (version / TRAINING_VIDEOS_FILE).unlink()
    assert find_listed_damage(str(version)) == f"{TRAINING_VIDEOS_FILE} is missing"
