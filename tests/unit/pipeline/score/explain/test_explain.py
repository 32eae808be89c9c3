"""The page of one video: its contents, and that its video plays in any browser."""

import base64
import re

import av
import numpy as np
import pytest

from components.errors import UserError
from pipeline.score.explain.preview import write_preview


@pytest.fixture
def page_of(score, tmp_path):
    """Scores one video, and returns its page."""

    def page_of(path: str) -> str:
        target = tmp_path / "page.html"
        score(path, explain=str(target))
        return target.read_text()

    return page_of


def write_mpeg4(path, *, width: int, height: int, seconds: int) -> str:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for _ in range(10 * seconds):
            frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 200, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return str(path)


def played(page: str) -> bytes:
    (content,) = re.findall(r'<video [^>]*src="data:video/mp4;base64,([^"]+)"', page)
    return base64.b64decode(content)


def test_page_tells_the_verdict_and_what_it_is_worth(page_of, grey_clip, tmp_path):
    clip = grey_clip(tmp_path / "<b>.mp4", 200)
    page = page_of(clip)
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "Fake The model takes it for a forgery.",
        "Synthetic videos.",
        "Real below 0.40, fake above 0.60, in between inconclusive.",
        "Of test videos scored 0.7 to 0.8, 78 % were fake (n=9,",
        "What an overlay does not mean.",
        "8 looked at",
        "uniform, center_square",
    ):
        assert words in text
    assert "<b>" not in page
    assert page.count("<img") == 8
    # Covering a bright region with grey lowers the score.
    assert "for-fake" in page
    assert played(page) == (tmp_path / "<b>.mp4").read_bytes()


def test_what_browsers_do_not_play_has_a_preview(page_of, tmp_path):
    clip = write_mpeg4(tmp_path / "old.avi", width=1280, height=720, seconds=2)
    page = page_of(clip)
    assert "A preview of 854x480 pixels, without sound." in page
    preview = tmp_path / "preview.mp4"
    preview.write_bytes(played(page))
    with av.open(str(preview)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 854, 480)
        times = [frame.time for frame in container.decode(stream)]
    assert times == pytest.approx([index / 10 for index in range(20)], abs=2e-3)


def test_a_long_preview_is_cut_and_says_so(page_of, tmp_path):
    page = page_of(write_mpeg4(tmp_path / "long.avi", width=64, height=64, seconds=65))
    assert "its first 60 seconds, without sound." in page


def test_a_preview_starts_where_it_is_asked_to(tmp_path):
    path = write_mpeg4(tmp_path / "long.avi", width=64, height=64, seconds=20)
    told = write_preview(path, str(tmp_path / "part.mp4"), 12.0)
    assert told == {"note": "A preview of 64x64 pixels, 0:12 to 0:19.9, without sound.", "start_s": 12.0, "end_s": 20.0}
    with av.open(str(tmp_path / "part.mp4")) as container:
        times = [frame.time for frame in container.decode(video=0)]
    np.testing.assert_allclose(times, np.arange(80) / 10, atol=0.002)
    beyond = write_preview(path, str(tmp_path / "whole.mp4"), 99.0)
    assert (beyond["start_s"], beyond["end_s"]) == (0.0, 20.0)


def test_a_video_without_a_score_has_no_page(score, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    complete, text = score(str(tmp_path / "text.mp4"), explain=str(tmp_path / "page.html"))
    assert not complete
    assert "verdict    UNSCORED" in text
    assert not (tmp_path / "page.html").exists()


def test_two_videos_have_no_page_in_common(score, grey_clip, tmp_path):
    clips = [grey_clip(tmp_path / name, 100) for name in ("one.mp4", "two.mp4")]
    with pytest.raises(UserError, match=r"--explain page\.html: 2 videos are given; give one"):
        score(*clips, explain="page.html")
