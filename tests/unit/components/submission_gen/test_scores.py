"""One row per video, whatever its outcome, and their summary."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from tensorflow_serving.apis import prediction_log_pb2

from components import features
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.served_model.scored import Scored
from components.served_model.training_videos import list_videos
from components.submission_gen.in_training import mark_rows
from components.submission_gen.metrics import Truth
from components.submission_gen.row_files import write_rows
from components.submission_gen.rows import Row
from components.submission_gen.score_files import read_rows
from components.submission_gen.scorer import Scorer
from components.submission_gen.scores import Video, gather_rows, groups_of, outcome, read_videos, scored_rows
from components.submission_gen.submission import fill, relative_name

DECISION_RULE = DecisionRule(0.5, (0.4, 0.6))
SCORER = Scorer("1795571968", "ab", DECISION_RULE)
URIS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


def record(uri: str) -> bytes:
    example = tf.train.Example()
    feature = example.features.feature
    for name, value in ((features.URI, uri), (features.FACE_STATUS, "not_wanted"), (features.DECODE_STATUS, "ok")):
        feature[name].bytes_list.value.append(value.encode())
    feature[features.FRAMES_DECODED].int64_list.value.append(2)
    feature[features.FRAME_TIMESTAMPS_S].float_list.value.extend([0.0, 0.5, 0.0])
    return example.SerializeToString()


def scored(uri: str, probability: float = 0.7) -> Row:
    return SCORER.scored([record(uri)], [Scored(probability, np.asarray([probability, probability, 0.0]))])


def refused(uri: str) -> QuarantineRow:
    return QuarantineRow(uri, uri, "decode", "no_frames", "")


def video(uri: str, label: str = "", group: str = "") -> Video:
    return Video(uri, Truth(label, group or uri) if label else None, synthetic=False)


@given(URIS, st.data())
def test_each_video_has_one_row_in_order(uris, data):
    usable = data.draw(st.lists(st.sampled_from(uris), unique=True))
    rows = gather_rows(
        [video(uri) for uri in uris],
        [scored(uri) for uri in usable],
        [refused(uri) for uri in uris if uri not in usable],
        SCORER,
        "videos",
    )
    assert [row.uri for row in rows] == [f"videos/{uri}" for uri in uris]
    assert {row.uri for row in rows if row.probability is not None} == {f"videos/{uri}" for uri in usable}


@given(URIS, st.data())
def test_rows_that_are_not_one_for_each_are_refused(uris, data):
    wrong = data.draw(st.lists(st.sampled_from([*uris, "z"])).filter(lambda given: sorted(given) != sorted(uris)))
    with pytest.raises(ValueError, match="have not exactly one row"):
        gather_rows([video(uri) for uri in uris], map(scored, wrong), [], SCORER, "videos")


@pytest.mark.parametrize("std", [0.125, None], ids=["a model of today", "one of an earlier version"])
def test_predictions_are_read_as_bulk_inferrer_writes_them(tmp_path, std):
    log = prediction_log_pb2.PredictionLog()
    request, response = log.predict_log.request, log.predict_log.response
    request.inputs["examples"].CopyFrom(tf.make_tensor_proto([record("a.mp4")]))
    response.outputs[features.PROBABILITY_FAKE].CopyFrom(tf.make_tensor_proto([[0.25]], tf.float32))
    response.outputs[features.FRAME_SCORES].CopyFrom(tf.make_tensor_proto([[0.2, 0.3, 0.0]], tf.float32))
    if std is not None:
        response.outputs[features.PROBABILITY_STD].CopyFrom(tf.make_tensor_proto([[std]], tf.float32))
        response.outputs[features.LOG_ODDS_FAKE].CopyFrom(tf.make_tensor_proto([[-1.1]], tf.float32))
    path = str(tmp_path / "prediction_logs-00000-of-00001.gz")
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        writer.write(log.SerializeToString())
    ((row, clips),) = scored_rows(str(tmp_path / "*"), SCORER)
    assert clips == 1
    assert (row.uri, row.probability, row.verdict, row.frames) == ("a.mp4", 0.25, "REAL", 2)
    assert row.probability_std == std
    assert row.frame_scores == pytest.approx([0.2, 0.3])
    assert row.frame_timestamps_s == [0.0, 0.5]


def test_videos_are_read_with_their_labels_in_order(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "data.gz"), "GZIP") as writer:
        for uri, label in (("b.mp4", "FAKE"), ("a.mp4", "")):
            example = tf.train.Example()
            given_text = {features.URI: uri, features.GROUP_ID: "a.mp4", features.LABEL: label}
            for name, text in given_text.items():
                if text:
                    example.features.feature[name].bytes_list.value.append(text.encode())
            writer.write(example.SerializeToString())
    assert read_videos(str(tmp_path / "*")) == [
        Video("a.mp4", None, False),
        Video("b.mp4", Truth("FAKE", "a.mp4"), False),
    ]


def summed_up(videos: list[Video], rows: list[Row]) -> dict:
    names = [each.uri for each in videos]
    filled = fill(names, rows, prior=0.5, clip=0.01, name_of=relative_name("videos"))
    return outcome(videos, rows, filled, DECISION_RULE)


def test_counts_and_figures_are_summed_up():
    videos = [video("a", "FAKE"), video("b", "REAL", "a"), video("c", "REAL"), video("d")]
    rows = gather_rows(videos, [scored("a", 0.9), scored("b", 0.5), scored("d", 0.1)], [refused("c")], SCORER, "videos")
    found = summed_up(videos, rows)
    assert found["verdicts"] == {"REAL": 1, "FAKE": 1, "INCONCLUSIVE": 1, "UNSCORED": 1}
    assert (found["videos"], found["reasons"]) == (4, {"no_frames": 1})
    assert found["cautions"] == {"few_frames": 3}
    assert found["submission"] == {"missing": [], "unscored": ["c"], "extra": []}
    figures = found["figures"]
    assert (figures["videos"], figures["groups"], figures["left_out"]) == ({"FAKE": 1, "REAL": 1}, 1, 1)
    assert figures["metrics"]["log_loss"]["value"] == pytest.approx(-(math.log(0.9) + math.log(0.5)) / 2, abs=1e-6)
    assert figures["metrics"]["auc"]["value"] == 1.0


def test_one_class_alone_has_no_auc_and_no_label_no_figures():
    videos = [video("a", "FAKE"), video("b", "FAKE")]
    rows = gather_rows(videos, map(scored, "ab"), [], SCORER, "videos")
    assert summed_up(videos, rows)["figures"]["metrics"]["auc"] == {"value": None, "low": None, "high": None}
    videos = [video("a", "FAKE"), video("b")]
    assert summed_up(videos, rows)["figures"] is None


def test_rows_come_back(tmp_path):
    rows = gather_rows([video("a"), video("b\u2028c")], [scored("a")], [refused("b\u2028c")], SCORER, "videos")
    write_rows(str(tmp_path / "scores.jsonl"), rows)
    assert read_rows(str(tmp_path)) == rows


def known_by_group(videos: list[Video], rows: list[Row], *groups: str) -> list[Row]:
    training = list_videos(["aa"], groups, "original")
    named = {f"videos/{uri}": group for uri, group in groups_of(videos).items()}
    return mark_rows([dataclasses.replace(row, content_digest=f"digest {row.uri}") for row in rows], training, named)


def test_figures_leave_out_known_videos_and_count_them():
    videos = [video("a", "FAKE"), video("b", "REAL", "a"), video("c", "REAL"), video("d", "FAKE"), video("e")]
    probabilities = {"a": 0.6, "b": 0.7, "c": 0.1, "d": 0.8, "e": 0.3}
    rows = gather_rows(videos, itertools.starmap(scored, probabilities.items()), [], SCORER, "videos")
    found = summed_up(videos, known_by_group(videos, rows, "a", "e"))
    assert found["in_training"] == {"true": 2, "false": 3, "unknown": 0}
    figures = found["figures"]
    assert (figures["videos"], figures["known"], figures["refused"]) == ({"FAKE": 1, "REAL": 1}, 2, "")
    assert figures["metrics"]["log_loss"]["value"] == pytest.approx(-(math.log(0.9) + math.log(0.8)) / 2, abs=1e-6)
    assert (figures["metrics"]["auc"]["value"], figures["with_known"]["auc"]["value"]) == (1.0, 0.75)


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ("ac", "the model was trained on 2 of 2 labelled videos, and none is left"),
        ("a", "the model was trained on 1 of 2 labelled videos, and those left are of one class"),
    ],
)
def test_figures_of_nothing_or_one_class_that_is_left_are_refused(groups, reason):
    videos = [video("a", "FAKE"), video("c", "REAL")]
    rows = gather_rows(videos, map(scored, "ac"), [], SCORER, "videos")
    figures = summed_up(videos, known_by_group(videos, rows, *groups))["figures"]
    assert (figures["metrics"], figures["with_known"], figures["refused"]) == (None, None, reason)
