"""Files that break decoders, compared with what FFmpeg's own tools do with them."""

import contextlib
import csv
import pathlib
from collections.abc import Iterator

import pytest

from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import Reason, VideoError

# FFmpeg decodes these, but a picture is not a video.
ONLY_A_COVER = "odd_derived/audio_with_cover.m4a"
PICTURES = {ONLY_A_COVER, "odd_derived/jpeg_named.mp4"}
REFUSED = {
    ONLY_A_COVER: Reason.NO_VIDEO_STREAM,
    "odd_derived/jpeg_named.mp4": Reason.NOT_A_VIDEO,
    "odd_derived/audio_only.m4a": Reason.NO_VIDEO_STREAM,
    "odd_derived/audio_only.mp4": Reason.NO_VIDEO_STREAM,
    "odd_derived/corrupt_stsz.mp4": Reason.NO_FRAMES,
    "odd_derived/header_only.mp4": Reason.NO_VIDEO_STREAM,
    "odd_derived/random_bytes.mp4": Reason.UNREADABLE_CONTAINER,
    "odd_derived/text_as_mp4.mp4": Reason.UNREADABLE_CONTAINER,
    "odd_derived/truncated_no_moov.mp4": Reason.UNREADABLE_CONTAINER,
    "odd_derived/zero_length.mp4": Reason.UNREADABLE_CONTAINER,
    "odd_torchcodec/nasa_13013.mp4.audio.mp3": Reason.NO_VIDEO_STREAM,
}
TRUNCATED = {
    "odd_decord/corrupted.mp4",
    "odd_derived/bitflips_mdat.mp4",
    "odd_derived/truncated_half_faststart.mp4",
    "odd_derived/truncated_tail.mp4",
    "odd_derived/zeroed_span.mp4",
}


@pytest.fixture(scope="module")
def odd_videos(shared_data) -> pathlib.Path:
    return shared_data / "odd_videos"


@pytest.fixture(scope="module")
def manifest(odd_videos) -> list[dict[str, str]]:
    with (odd_videos / "MANIFEST.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def decoder() -> Iterator[IsolatedDecoder]:
    with contextlib.closing(IsolatedDecoder(timeout_s=60, memory_bytes=2 << 30)) as decoder:
        yield decoder


@pytest.mark.e2e
@pytest.mark.parametrize("sampling", ["uniform", "first", "bursts", "keyframes"])
def test_each_file_is_decoded_or_refused_for_its_reason(odd_videos, manifest, decoder, sampling):
    refused, truncated, whole = {}, set(), {}
    for row in manifest:
        name = row["file"]
        try:
            clip = decoder.decode(str(odd_videos / name), sampling=sampling, frames=20, size=224)
        except VideoError as error:
            refused[name] = error.reason
            continue
        if clip.truncated:
            truncated.add(name)
        else:
            whole[name] = len(clip.frames)

    assert refused == REFUSED
    # The first frames, or the keyframes, may be intact although the file is damaged elsewhere.
    assert truncated <= TRUNCATED if sampling in ("first", "keyframes") else truncated == TRUNCATED
    readable = {row["file"]: int(row["cv2_frames_read"]) for row in manifest if row["ffmpeg_decode"] == "ok"}
    assert set(whole) >= set(readable) - PICTURES
    assert len(refused) + len(truncated) + len(whole) == len(manifest) == 82
    if sampling != "keyframes":
        for name, frames in readable.items():
            # OpenCV's wheel cannot decode AV1.
            if frames and name not in PICTURES:
                assert whole[name] == min(20, frames), name
