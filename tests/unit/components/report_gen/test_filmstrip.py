import base64

import av
import cv2
import numpy as np
import pytest
from brightness_model import DESCRIPTION

from components.report_gen.filmstrip import SHOWN_FRAMES, choose, read_strips
from components.report_gen.scored_videos import ScoredVideo
from components.served_model.description import Description

DESCRIBED = Description.model_validate(DESCRIPTION)
HDR = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
EXTRACTION = {"timeout_s": 60.0, "memory_mb": 2048, "face_model": ""}


def scored(name: str, label: str, probability: float, frames: int = 20, times: tuple[float, ...] = ()) -> ScoredVideo:
    return ScoredVideo(name, name, label, probability, (probability,) * frames, times)


VIDEOS = [
    scored("caught", "FAKE", 0.9),
    scored("caught better", "FAKE", 0.95),
    scored("missed", "FAKE", 0.3),
    scored("missed badly", "FAKE", 0.1),
    scored("alarm", "REAL", 0.6),
    scored("passed", "REAL", 0.2),
]


def test_worst_errors_and_most_certain_hits_are_taken_in_turn():
    assert [(kind, video.video_id) for kind, video in choose(VIDEOS, 0.5, 5)] == [
        ("Missed fake", "missed badly"),
        ("Missed fake", "missed"),
        ("False alarm", "alarm"),
        ("Most certain fake", "caught better"),
        ("Most certain real", "passed"),
    ]


@pytest.mark.parametrize("count", [0, 1, 6, 24])
def test_no_video_is_shown_twice(count):
    chosen = choose(VIDEOS, 0.5, count)
    assert len({video.video_id for _, video in chosen}) == len(chosen) == min(count, len(VIDEOS))


def test_frames_are_those_that_the_model_got(write_video, tmp_path):
    write_video("clip.mp4", frames=40)
    (strip,) = read_strips([("Missed fake", scored("clip.mp4", "FAKE", 0.1))], str(tmp_path), DESCRIBED, EXTRACTION)
    assert strip.clip is not None
    assert len(strip.frames) == SHOWN_FRAMES
    times, _, unit = strip.timeline
    assert (times, unit) == (pytest.approx(strip.clip.timestamps_s.tolist()), "seconds")
    first = base64.b64decode(strip.frames[0].uri.partition(",")[2])
    shown = cv2.cvtColor(cv2.imdecode(np.frombuffer(first, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    expected = cv2.resize(strip.clip.frames[0], shown.shape[:2], interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - expected).mean() < 12


def test_video_that_cannot_be_read_says_why(tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    chosen = [("False alarm", scored(name, "REAL", 0.9)) for name in ("missing.mp4", "broken.mp4")]
    missing, broken = read_strips(chosen, str(tmp_path), DESCRIBED, EXTRACTION)
    assert "is not there" in missing.problem
    assert broken.problem
    assert missing.frames == broken.frames == []
    assert missing.timeline[2] == "frame"


def test_face_detector_that_cannot_be_had_is_told_beside_each_video(tmp_path):
    faces = DESCRIBED.model_copy(update={"crop": "face", "face_detector": "yunet"})
    settings = {**EXTRACTION, "face_model": str(tmp_path / "gone.onnx")}
    (strip,) = read_strips([("False alarm", scored("a.mp4", "REAL", 0.9))], str(tmp_path), faces, settings)
    assert "gone.onnx" in strip.problem


@pytest.mark.e2e
def test_hdr_is_shown_in_the_colours_that_the_model_got(tmp_path):
    with av.open(str(tmp_path / "hdr.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"x264-params": HDR})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, np.uint8), format="rgb24")))
        container.mux(stream.encode())
    chosen = [("False alarm", scored("hdr.mp4", "REAL", 0.9))]
    for described, color in (({}, "hdr_as_sdr"), ({"hdr": "tone_map"}, "hdr_tone_mapped")):
        (strip,) = read_strips(chosen, str(tmp_path), DESCRIBED.model_copy(update=described), EXTRACTION)
        assert strip.clip is not None
        assert strip.clip.color == color
