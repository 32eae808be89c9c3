"""What the service answers, and that it stores nothing."""

import json
import pathlib

import numpy as np
import pytest
from encoder_sizes import FEATURE_SIZE
from grey_clips import write_grey_clip

from components.quarantine import QuarantineRow
from components.submission_gen.caution import CAUTION_IN_WORDS, CAUTIONS
from components.submission_gen.scorer import Scorer
from components.video_errors import Reason
from pipeline.score.videos import extraction_settings, score_videos
from pipeline.serve.answer import answer


def upload(client, path: pathlib.Path | str, name: str | None = None):
    with open(path, "rb") as file:
        return client.post("/score", files={"video": (name or pathlib.Path(path).name, file)})


def raw(frames: int, value: float = 0.75, **more):
    return json.dumps({"frame_features": [[value] * FEATURE_SIZE] * frames, **more})


def post_json(client, body: str):
    return client.post("/score", content=body, headers={"content-type": "application/json"})


def test_a_video_has_the_row_that_score_writes(client, model, tmp_path, uploads):
    path = write_grey_clip(tmp_path / "bright.mp4", 200)
    settings = extraction_settings(model, cache_dir="", face_model="")
    (row,) = score_videos([path], model, settings, workers=1, report_progress=print)
    answered = upload(client, path)
    content = answered.json()
    assert answered.status_code == 200
    assert content["probability"] == pytest.approx(row.probability, abs=1e-5)
    assert content["frame_scores"] == pytest.approx(row.frame_scores, abs=1e-5)
    told = ("verdict", "caution", "frames", "frame_timestamps_s", "face_status", "color", "sampled_as", "crop_side")
    for name in (*told, "model", "model_digest"):
        assert content[name] == getattr(row, name)
    assert content["uri"] == "bright.mp4"
    assert content["in_words"] == "the model takes it for a forgery"
    assert content["test"].startswith("of test videos scored 0.7 to 0.8, 78 % were fake (n=9,")
    assert content["synthetic"] is True
    assert list(uploads.iterdir()) == []


def test_a_caution_is_told_in_words_and_described(client, tmp_path):
    answered = upload(client, write_grey_clip(tmp_path / "short.mp4", 200, frames=1)).json()
    assert (answered["verdict"], answered["caution"], answered["truncated"]) == ("FAKE", ["few_frames"], False)
    assert answered["caution_in_words"] == [CAUTION_IN_WORDS["few_frames"]]
    for frames, caution in ((4, ["few_frames"]), (5, [])):
        assert post_json(client, raw(frames)).json()["caution"] == caution
    described = client.get("/openapi.json").json()["components"]["schemas"]["Answer"]
    assert described["properties"]["caution"]["items"]["enum"] == list(CAUTIONS)
    # Every answer has every field.
    assert set(described["required"]) == set(described["properties"]) == set(answered)


@pytest.mark.parametrize("name", ["../../evil.mp4", "/etc/passwd", "<b>&.mp4", "ß" * 300])
def test_a_name_is_only_a_name(client, tmp_path, uploads, name):
    answered = upload(client, write_grey_clip(tmp_path / "clip.mp4", 20), name)
    assert answered.status_code == 200
    assert answered.json()["uri"] == name
    assert list(uploads.iterdir()) == []


def test_a_video_that_cannot_be_scored_is_told_why_without_our_paths(client, tmp_path, uploads):
    (tmp_path / "text.mp4").write_text("no video")
    answered = upload(client, tmp_path / "text.mp4")
    assert answered.status_code == 422
    assert answered.json()["verdict"] == "UNSCORED"
    assert answered.json()["reason"] == "unreadable_container"
    assert "text.mp4" in answered.json()["detail"]
    assert "deepfake-upload" not in answered.text
    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_told_in_words(model, reason):
    refused = QuarantineRow("id", "a.mp4", "decode", reason.value, "[Errno -1094995529] Invalid data: 'a.mp4'")
    told = answer(Scorer("1", "ab", model.description.decision_rule).unscored(refused), model)
    assert " " in told.reason_in_words
    assert told.reason_in_words != reason.value.replace("_", " ")
    # The library's error number means nothing to callers.
    assert told.detail == "Invalid data: 'a.mp4'"


def test_features_are_scored_without_their_video(client):
    answered = post_json(client, raw(3))
    assert answered.status_code == 200
    assert answered.json()["probability"] == pytest.approx(0.75, abs=1e-6)
    assert answered.json()["frame_scores"] == pytest.approx([0.75] * 3, abs=1e-6)
    masked = json.loads(raw(3))
    masked["frame_features"][2] = [0.0] * FEATURE_SIZE
    masked["frame_mask"] = [1, 1, 0]
    assert post_json(client, json.dumps(masked)).json()["probability"] == pytest.approx(0.75, abs=1e-6)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "the body is not JSON"),
        ("[]", "the body has no frame_features"),
        (json.dumps({"frame_features": [[1, 2], [3]]}), "not an array of equally long arrays"),
        (json.dumps({"frame_features": [[1, 2]]}), "1x2; allowed are 1 to 20 frames of 2048 features"),
        (json.dumps({"frame_features": []}), "allowed are 1 to 20 frames"),
        (raw(21), "21x2048; allowed are 1 to 20 frames of 2048 features"),
        (raw(1, float("nan")), "not all of them are finite"),
        (raw(2, frame_mask=[0, 1]), "all of them before the zeros"),
        (raw(2, frame_mask=[1]), "give 2 values of 0 or 1"),
        (raw(1, frame_mask=[0]), "give at least one 1"),
    ],
)
def test_other_features_are_refused_in_one_line(client, body, words):
    answered = post_json(client, body)
    assert answered.status_code == 400
    assert words in answered.json()["error"]
    assert "\n" not in answered.json()["error"]


def test_forms_without_a_video_are_refused(client):
    multipart = {"content-type": "multipart/form-data"}
    for status, sent in (
        (415, {"data": {"video": "text"}}),
        (415, {"content": b"x"}),
        (400, {"files": {"other": b"x"}}),
        (400, {"files": {"video": (None, "text")}}),
        (400, {"content": b"x", "headers": multipart}),
        (400, {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=b"}}),
    ):
        answered = client.post("/score", **sent)
        assert answered.status_code == status
        assert set(answered.json()) == {"error"}


def test_too_large_is_refused_whatever_the_header_says(client, uploads):
    large = np.zeros((1 << 20) + 1, np.uint8).tobytes()
    assert client.post("/score", files={"video": ("large.mp4", large)}).status_code == 413

    def pieces():
        yield b'--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\n'
        for _ in range(20):
            yield b"\0" * (1 << 17)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    answered = client.post("/score", content=pieces(), headers=headers)
    assert answered.status_code == 413
    assert answered.json() == {"error": "the upload is larger than 1 MiB"}
    assert list(uploads.iterdir()) == []


def test_health_metrics_and_description(client):
    assert client.get("/health").json()["model"] == "1795571968"
    post_json(client, raw(1))
    post_json(client, "{")
    metrics = client.get("/metrics").text
    assert 'deepfake_answers_total{status="200",verdict="FAKE"}' in metrics
    assert 'deepfake_answers_total{status="400",verdict=""}' in metrics
    assert "deepfake_requests_in_house 0.0" in metrics
    described = client.get("/openapi.json").json()["paths"]["/score"]["post"]
    assert set(described["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    assert {"200", "408", "413", "422", "429"} <= set(described["responses"])
    assert "cdn" not in client.get("/docs").text
    assert client.get("/nowhere").json() == {"error": "/nowhere: Not Found"}
