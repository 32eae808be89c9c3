"""Synthetic artifacts of a run, in the nodes' formats, for reports of any size."""

import dataclasses
import json
import pathlib
from typing import Any

import numpy as np
import tensorflow as tf
from sklearn import metrics
from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2

from components.report_gen.inputs import ReportSettings, SourceArtifacts
from pipeline.config.load import load_config

FAKES_OF_ONE = 2


@dataclasses.dataclass
class RunArtifacts:
    """The paths of a run's artifacts, and what a report needs besides them."""

    sources: SourceArtifacts
    settings: ReportSettings
    videos: list[dict[str, Any]]


def write_artifacts(
    folder: pathlib.Path, videos: int, *, prefix: str = "video", further: bool = True, seed: int = 0, **settings: int
) -> RunArtifacts:
    """Writes the artifacts of a run.

    Args:
        folder: the output folder; its subfolder `data` is the data root.
        videos: number of videos in the test split.
        prefix: of their names.
        further: whether to write slices, a decision, audits and a serving check.
        seed: of the scores.
        settings: passed to ReportSettings.
    """
    rows = _predictions(videos, prefix, seed)
    names = ("videos", "statistics", "anomalies", "quarantine", "model", "model_run", "video_metrics", "blessing")
    folders = {name: folder / name for name in (*names, "serving_check", "audits")}
    for path in folders.values():
        path.mkdir(parents=True)
    for split in ("train", "eval", "test"):
        _write_examples(folders["videos"] / f"Split-{split}", rows, split)
        _write_proto(folders["statistics"] / f"Split-{split}" / "FeatureStats.pb", _statistics())
        _write_proto(folders["anomalies"] / f"Split-{split}" / "SchemaDiff.pb", anomalies_pb2.Anomalies())
    refused = {
        "video_id": f"{prefix}-refused.mp4",
        "uri": "",
        "stage": "probe",
        "reason": "no_frames",
        "detail": "none",
    }
    (folders["quarantine"] / "quarantine.jsonl").write_text(json.dumps(refused) + "\n")
    (folders["model_run"] / "curves.csv").write_text(
        "epoch,auc,loss,val_auc,val_loss\n1,0.5,0.7,0.6,0.7\n2,0.8,0.5,0.7,0.6\n"
    )
    (folders["blessing"] / ("NOT_BLESSED" if further else "BLESSED")).touch()
    _write_json(folders["model"] / "assets.extra" / "model.json", _description())
    _write_evaluation(folders["video_metrics"], rows, further)
    if further:
        _write_json(folders["audits"] / "audits.json", [_audit(prefix)])
        _write_json(folders["serving_check"] / "serving_check.json", _serving_check())
    sources = SourceArtifacts(**{name: str(folders[name]) for name in names})
    if further:
        further_sources = {name: str(folders[name]) for name in ("serving_check", "audits")}
        sources = dataclasses.replace(sources, **further_sources, pushed_to="model/1")
    config = load_config("demo", ["name=drawn"]).portable_json
    shown = {"filmstrips": 0, "overlays": 0, **settings}
    return RunArtifacts(sources, ReportSettings(config, str(folder / "data"), **shown), rows)


def _predictions(count: int, prefix: str, seed: int) -> list[dict[str, Any]]:
    generator = np.random.default_rng(seed)
    rows = []
    for index in range(count):
        fake = index % (FAKES_OF_ONE + 1) > 0
        probability = float(np.clip(generator.normal(0.68 if fake else 0.35, 0.18), 0.01, 0.99))
        rows.append(
            {
                "video_id": f"{prefix}-{index}.mp4",
                "uri": f"{prefix}-{index}.mp4",
                "group_id": f"group-{index // (FAKES_OF_ONE + 1)}",
                "label": "FAKE" if fake else "REAL",
                "probability_fake": probability,
                "frame_scores": [probability] * 20,
                "frame_timestamps_s": [0.1 * frame for frame in range(20)],
                "synthetic": True,
                "facts": {"codec": "h264"},
            }
        )
    return rows


def _write_evaluation(folder: pathlib.Path, rows: list[dict[str, Any]], further: bool) -> None:
    labels = [row["label"] == "FAKE" for row in rows]
    scores = [row["probability_fake"] for row in rows]
    estimates = {
        name: {"value": value, "low": value - 0.05, "high": min(value + 0.05, 1.0)}
        for name, value in {
            "auc": float(metrics.roc_auc_score(labels, scores)),
            "accuracy": float(np.mean([(score >= 0.5) == label for score, label in zip(scores, labels, strict=True)])),
        }.items()
    }
    counts = {"FAKE": sum(labels), "REAL": len(labels) - sum(labels)}
    content: dict[str, Any] = {
        "split": "test",
        "videos": counts,
        "groups": len({row["group_id"] for row in rows}),
        "synthetic": True,
        "threshold": 0.5,
        "inconclusive_band": [0.4, 0.6],
        "interval": "95% percentile bootstrap over groups, 1000 resamples",
        "metrics": estimates,
    }
    if further:
        few = {"column": "codec", "value": "vp9", "videos": {"FAKE": 1, "REAL": 0}, "groups": 1, "judged": False}
        slices = [
            {
                "column": "codec",
                "value": value,
                "videos": counts,
                "groups": groups,
                "judged": True,
                "metrics": estimates,
            }
            for value, groups in (("h264", 9), ("hevc", 10), ("av1", 2))
        ]
        content["slices"] = [{**few, "metrics": {}}, *slices]
        rule = {
            "metric": "auc",
            "slice": None,
            "rule": "min",
            "on": "low",
            "value": estimates["auc"]["low"],
            "bound": 0.99,
            "passed": False,
            "message": "auc is lower than 0.99",
        }
        unjudged = {
            **rule,
            "rule": "worse_by",
            "on": "value",
            "value": None,
            "passed": True,
            "message": "auc: no baseline",
        }
        _write_json(folder / "decision.json", {"blessed": False, "baseline": None, "rules": [rule, unjudged]})
    _write_json(folder / "metrics.json", content)
    (folder / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def _write_examples(folder: pathlib.Path, rows: list[dict[str, Any]], split: str) -> None:
    folder.mkdir()
    with tf.io.TFRecordWriter(str(folder / "data.gz"), "GZIP") as writer:
        for row in rows:
            example = tf.train.Example()
            texts = {"video_id": row["video_id"], "label": row["label"], "group_id": f"{split} {row['group_id']}"}
            for name, text in texts.items():
                example.features.feature[name].bytes_list.value.append(text.encode())
            writer.write(example.SerializeToString())


def _statistics() -> statistics_pb2.DatasetFeatureStatisticsList:
    statistics = statistics_pb2.DatasetFeatureStatisticsList()
    width = statistics.datasets.add().features.add()
    width.path.step.append("width")
    width.num_stats.common_stats.num_non_missing = 9
    width.num_stats.common_stats.num_missing = 1
    width.num_stats.mean, width.num_stats.min, width.num_stats.max = 300, 256, 360
    codec = statistics.datasets[0].features.add()
    codec.path.step.append("codec")
    codec.string_stats.common_stats.num_non_missing = 10
    codec.string_stats.unique = 2
    for value, frequency in (("h264", 9), ("vp9", 1)):
        codec.string_stats.top_values.add(value=value, frequency=frequency)
    return statistics


def _description() -> dict[str, Any]:
    return {
        "model_digest": "d" * 64,
        "threshold": 0.5,
        "inconclusive_band": [0.4, 0.6],
        "frames": 20,
        "frame_size": 224,
        "sampling": "uniform",
        "crop": "center_square",
        "decision": {"rule": "costs", "false_alarm_cost": 1.0, "miss_cost": 1.0},
        "calibration": {"method": "temperature", "clip": 0.01},
        "frame_score": "what the model would have said, had the video ended there",
        "trainer": {"model": "gru"},
        "seed": 0,
        "epochs": 2,
        "best_epoch": 2,
        "encoder": {"fingerprint": "e" * 64, "engine": "tensorflow", "precision": "float32"},
        "data_fingerprint": "f" * 32,
    }


def _audit(prefix: str) -> dict[str, Any]:
    return {
        "model_digest": _description()["model_digest"],
        "name": "shortcut",
        "headline": f"container facts alone reach 0.51 on {prefix}",
        "measurements": [{"name": "auc", "value": 0.51, "low": 0.4, "high": 0.6, "count": 39}],
        "warning": None,
        "rows": [{"fact": "size_bytes", "auc": 0.51}, {"fact": f"{prefix}", "auc": 0.5}],
    }


def _serving_check() -> dict[str, Any]:
    return {
        "passed": True,
        "checks": [{"name": "signatures", "passed": True, "detail": "all four"}],
        "latency_ms": {"serve_features": {"1": 3.5, "16": 20.25}},
        "peak_memory_mb": 900,
        "tensorflow": "2.16.2",
    }


def _write_json(path: pathlib.Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def _write_proto(path: pathlib.Path, message: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.SerializeToString())
