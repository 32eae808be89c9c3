import contextlib
import csv
import hashlib
import math
import pathlib
from collections.abc import Callable

import pytest

from components.dataset.probe import probe_video
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import Reason, VideoError


def test_facts_of_a_clip(tmp_path: pathlib.Path, clip: Callable[..., bytes]) -> None:
    content = clip(frames=30, width=96, height=64)
    (tmp_path / "a.mp4").write_bytes(content)
    facts = probe_video(str(tmp_path), "a.mp4")
    assert facts.content_digest == hashlib.sha256(content).hexdigest()
    assert facts.size_bytes == len(content)
    assert (facts.width, facts.height, facts.fps, facts.frame_count_claimed) == (96, 64, 25.0, 30)
    assert facts.duration_s == pytest.approx(1.2)
    assert facts.codec == "h264"


def test_what_a_container_does_not_say_is_taken_from_elsewhere_or_zero(
    tmp_path: pathlib.Path, clip: Callable[..., bytes]
) -> None:
    (tmp_path / "a.mkv").write_bytes(clip(container="matroska"))
    facts = probe_video(str(tmp_path), "a.mkv")
    assert facts.duration_s == pytest.approx(0.4, abs=0.05)
    assert facts.frame_count_claimed == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, Reason.MISSING), (b"", Reason.UNREADABLE_CONTAINER), (b"no video", Reason.UNREADABLE_CONTAINER)],
)
def test_what_cannot_be_opened_has_a_reason(tmp_path: pathlib.Path, content: bytes | None, reason: Reason) -> None:
    if content is not None:
        (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(VideoError) as error:
        probe_video(str(tmp_path), "a.mp4")
    assert error.value.reason is reason


def test_odd_videos(shared_data: pathlib.Path) -> None:
    root = shared_data / "odd_videos"
    with open(root / "MANIFEST.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codecs, reasons = {}, set()
    with contextlib.closing(IsolatedDecoder()) as decoder:
        for row in rows:
            try:
                facts = probe_video(str(root), row["file"], decoder)
            except VideoError as error:
                reasons.add(error.reason)
                continue
            codecs[pathlib.Path(row["file"]).name] = facts.codec
            numbers = (facts.width, facts.height, facts.fps, facts.frame_count_claimed, facts.duration_s)
            assert all(math.isfinite(number) and number >= 0 for number in numbers)
            assert facts.width > 0
            assert facts.height > 0
    assert len(codecs) > 60
    assert reasons == {Reason.UNREADABLE_CONTAINER, Reason.NO_VIDEO_STREAM, Reason.NOT_A_VIDEO}
    assert (codecs["av1.mp4"], codecs["vp9.webm"], codecs["hevc.mp4"]) == ("av1", "vp9", "hevc")
