"""Whatever the packets declare, frames equal those decoded in sequence, and times strictly increase."""

import pathlib
import tempfile

import av
import numpy as np
import pytest
from encoded_streams import STREAMS, TAMPERS, Tamper, write_tampered
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from components.video_decoding.container import open_video
from components.video_decoding.crop import central_square, resized_square
from components.video_decoding.decode import decode_clip
from components.video_decoding.orientation import Orientation
from components.video_decoding.sampling import Sampling, sample_positions
from components.video_errors import Reason, VideoError

SAMPLINGS: tuple[Sampling, ...] = ("uniform", "bursts", "first")


def frames_in_sequence(path: str) -> list[np.ndarray]:
    """The squares of all undamaged frames, in the decoder's output order."""
    squares = []
    with open_video(path) as (container, stream):
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                break
            squares += _decoded(stream.codec_context, packet) if packet.size else []
        squares += _decoded(stream.codec_context, None)
    return squares


def _decoded(context: av.VideoCodecContext, packet: av.Packet | None) -> list[np.ndarray]:
    try:
        frames = context.decode(packet)
    except av.FFmpegError:
        return []
    return [_square(frame) for frame in frames if not frame.is_corrupt]


def _square(frame: av.VideoFrame) -> np.ndarray:
    pixels = frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1)
    shown = Orientation.of(frame).turn(pixels)
    height, width = shown.shape[:2]
    return resized_square(shown, central_square(width, height), 64)[:, :, ::-1]


def require_sequence(path: str) -> None:
    """Compares all samplings with decoding in sequence."""
    expected = frames_in_sequence(path)
    for sampling in SAMPLINGS:
        if not expected:
            with pytest.raises(VideoError) as raised:
                decode_clip(path, sampling=sampling, frames=20, size=64)
            assert raised.value.reason is Reason.NO_FRAMES
            continue
        clip = decode_clip(path, sampling=sampling, frames=20, size=64)
        positions = sample_positions(sampling, len(expected), 20)
        np.testing.assert_array_equal(clip.frames, np.stack([expected[position] for position in positions]))
        assert (np.diff(clip.timestamps_s) > 0).all()
        assert clip.sampled_as == sampling


@pytest.mark.e2e
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(STREAMS)),
    count=st.integers(1, 2),
    tamper=st.sampled_from(TAMPERS),
    container=st.sampled_from(["mp4", "mkv", "ts", "avi", "mov"]),
    seed=st.integers(0, 99),
)
def test_frames_are_those_of_sequential_decoding(
    name: str, count: int, tamper: Tamper, container: str, seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"clip.{container}"
        try:
            written = write_tampered(path, count * [name], tamper, np.random.default_rng(seed))
            with open_video(written):
                pass
        except (av.FFmpegError, ValueError, VideoError):
            # The container cannot hold such a stream.
            reject()
        require_sequence(written)


@pytest.mark.parametrize("joined", [("h264-b", "h264-b"), ("h264", "h264-cavlc"), ("mpeg2", "mpeg2"), ("hevc", "hevc")])
def test_joined_transport_streams_are_decoded_one_after_the_other(tmp_path, joined):
    parts = [
        write_tampered(tmp_path / f"{index}.ts", [name], TAMPERS[0], np.random.default_rng(0))
        for index, name in enumerate(joined)
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(pathlib.Path(part).read_bytes() for part in parts))
    require_sequence(str(path))


@pytest.mark.e2e
@pytest.mark.parametrize("folder", ["real_world_cases", "odd_videos/odd_decord", "odd_videos/odd_torchcodec"])
def test_frames_of_odd_files_are_those_of_sequential_decoding(shared_data, folder):
    for path in sorted((shared_data / folder).iterdir()):
        try:
            with open_video(str(path)):
                pass
        except (VideoError, IsADirectoryError):
            continue
        require_sequence(str(path))
