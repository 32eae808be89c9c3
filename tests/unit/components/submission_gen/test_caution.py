"""Cautions about a score, from what is known about how its video was processed."""

import dataclasses
import json
from typing import Any, get_args

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from components import features
from components.features import FRAMES
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.served_model.scored import Scored
from components.submission_gen.caution import CAUTION_IN_WORDS, CAUTIONS, cautions, count_cautions
from components.submission_gen.row_files import write_rows
from components.submission_gen.rows import Row
from components.submission_gen.score_files import ROWS_FILE, read_rows
from components.submission_gen.scorer import Scorer
from components.video_decoding.clip import Color, DecodeNote
from components.video_decoding.sampling import SAMPLINGS
from components.video_errors import Reason

SCORER = Scorer("17", "ab", DecisionRule(0.5), "keyframes")
PLAIN = {
    "frames": FRAMES,
    "model_frames": FRAMES,
    "crop_side": 720,
    "color": "sdr",
    "sampled_as": "keyframes",
    "sampling": "keyframes",
}
ODD: dict[str, dict[str, Any]] = {
    "few_frames": {"frames": 1},
    "small_picture": {"crop_side": 16},
    "truncated": {"truncated": True},
    "hdr_as_sdr": {"color": "hdr_as_sdr"},
    "other_sampling": {"sampled_as": "uniform"},
    "no_face": {"face_status": "none"},
    "parts_not_looked_at": {"parts_left_out": True},
    "few_real_clips": {"clips": 30, "real_clips": 20},
    **{note: {"notes": [note]} for note in get_args(DecodeNote)},
}


def record(**known: Any) -> bytes:
    """A frame-feature example of two frames, without the features that are not given."""
    example = tf.train.Example()
    feature = example.features.feature
    for name, value in {features.DECODE_STATUS: "ok", features.FACE_STATUS: "not_wanted", **known}.items():
        values = [value] if isinstance(value, str | int) else value
        kind = feature[name].int64_list if isinstance(values[0], int) else feature[name].bytes_list
        kind.value.extend(each.encode() if isinstance(each, str) else each for each in values)
    if features.FRAMES_DECODED not in known:
        feature[features.FRAMES_DECODED].int64_list.value.append(FRAMES)
    return example.SerializeToString()


def scored(**known: Any) -> Row:
    return SCORER.scored([record(**known)], [Scored(0.9, np.full(FRAMES, 0.9))])


def test_each_word_has_its_sentence_and_its_case_and_decoding_has_no_other():
    assert set(CAUTIONS) == set(CAUTION_IN_WORDS) == set(ODD)
    assert set(get_args(DecodeNote)) < set(CAUTIONS)
    for words in CAUTION_IN_WORDS.values():
        assert "\n" not in words
        assert not words.endswith(".")


@pytest.mark.parametrize("caution", ODD)
def test_what_is_odd_is_said_and_nothing_else(caution):
    assert cautions(**PLAIN) == []
    assert cautions(**{**PLAIN, **ODD[caution]}) == [caution]


@given(st.sets(st.sampled_from(list(ODD))))
def test_all_that_is_odd_is_said_in_one_order(odd):
    known: dict[str, Any] = {**PLAIN, "notes": []}
    for caution in odd:
        known |= {**ODD[caution], "notes": known["notes"] + ODD[caution].get("notes", [])}
    assert cautions(**known) == [caution for caution in CAUTIONS if caution in odd]


@pytest.mark.parametrize(
    ("frames", "taken", "few"),
    [(1, 20, True), (4, 20, True), (5, 20, False), (20, 20, False), (1, 4, False), (7, 30, True)],
)
def test_few_frames_are_fewer_than_a_quarter_of_the_models(frames, taken, few):
    scorer = dataclasses.replace(SCORER, frames=taken)
    assert ("few_frames" in cautions(frames=frames, model_frames=taken)) is few
    assert ("few_frames" in scorer.scored_features(Scored(0.9, np.full(taken, 0.9)), frames).caution) is few


@pytest.mark.parametrize(("side", "small"), [(0, False), (2, True), (63, True), (64, False), (224, False)])
def test_a_side_that_is_not_known_is_not_small(side, small):
    assert ("small_picture" in cautions(frames=FRAMES, model_frames=FRAMES, crop_side=side)) is small


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("sampled_as", SAMPLINGS)
def test_other_sampling_is_any_but_the_models(sampling, sampled_as):
    said = cautions(**{**PLAIN, "sampled_as": sampled_as, "sampling": sampling})
    assert said == (["other_sampling"] if sampled_as != sampling else [])


@pytest.mark.parametrize("color", get_args(Color))
def test_row_tells_what_the_example_tells(color):
    row = scored(
        color=color,
        sampled_as="uniform",
        crop_side=32,
        decode_notes=["pixel_aspect_ignored"],
        decode_status="truncated",
    )
    assert (row.color, row.sampled_as, row.crop_side, row.truncated) == (color, "uniform", 32, True)
    hdr = ["hdr_as_sdr"] * (color == "hdr_as_sdr")
    assert row.caution == ["small_picture", "truncated", *hdr, "pixel_aspect_ignored", "other_sampling"]


def test_example_of_an_earlier_version_has_its_row():
    row = scored()
    assert (row.caution, row.color, row.sampled_as, row.crop_side) == ([], "", "", 0)


def test_a_video_without_a_score_has_its_reason_alone():
    for reason in Reason:
        row = SCORER.unscored(QuarantineRow("a", "a.mp4", "decode", reason.value, ""))
        assert (row.caution, row.reason, row.truncated) == ([], reason.value, reason is Reason.TRUNCATED)


def test_rows_of_an_earlier_version_are_read(tmp_path):
    rows = [scored(), SCORER.unscored(QuarantineRow("a", "a.mp4", "decode", "no_frames", ""))]
    write_rows(str(tmp_path / ROWS_FILE), rows)
    lines = [json.loads(line) for line in (tmp_path / ROWS_FILE).read_text().splitlines()]
    earlier = [{name: line[name] for name in line if name not in NEW} for line in lines]
    assert len(lines[0]) - len(earlier[0]) == len(NEW)
    (tmp_path / ROWS_FILE).write_text("".join(f"{json.dumps(line)}\n" for line in earlier))
    assert read_rows(str(tmp_path)) == rows


NEW = ("caution", "color", "sampled_as", "crop_side")


def test_counts_are_of_those_that_there_are_in_one_order():
    assert list(count_cautions([["no_face"], ["few_frames", "no_face"], []]).items()) == [
        ("few_frames", 1),
        ("no_face", 2),
    ]
