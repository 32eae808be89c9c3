import pathlib
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from drawn_frames import moving_shapes

from components.video_decoding.crop import central_square, resized_square
from components.video_decoding.decode import decode_clip
from components.video_decoding.packets import PacketIndex, index_packets
from components.video_decoding.sampling import SAMPLINGS, sample_positions
from components.video_errors import Reason, VideoError


def decoded_by_opencv(path: str, sampling: str) -> np.ndarray:
    """Decodes all frames in sequence and returns the sampled ones."""
    capture = cv2.VideoCapture(path)
    frames = []
    while True:
        read, frame = capture.read()
        if not read:
            break
        height, width = frame.shape[:2]
        frames.append(resized_square(frame, central_square(width, height), 224)[:, :, ::-1])
    return np.stack([frames[position] for position in sample_positions(sampling, len(frames), 20, keyframes(path))])


def keyframes(path: str) -> list[int]:
    """Positions of the keyframes among the frames, according to the container."""
    with av.open(path) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
    packets.sort(key=lambda packet: packet.pts)
    return [position for position, packet in enumerate(packets) if packet.is_keyframe]


def write_encoded(path, *, codec: str, frames: int, options: dict[str, str]) -> str:
    return write_images(path, moving_shapes(frames, 160, 120), codec=codec, options=options, pix_fmt="yuv420p")


def write_images(path, images: list[np.ndarray], *, codec: str, options: dict[str, str], pix_fmt: str) -> str:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options=options)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")))
        container.mux(stream.encode())
    return str(path)


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize(("frames", "width", "height"), [(75, 320, 240), (30, 242, 360), (9, 256, 256)])
def test_pixels_are_those_of_sequential_decoding(write_video, sampling, frames, width, height):
    path = write_video(frames=frames, width=width, height=height)
    clip = decode_clip(path, sampling=sampling, frames=20, size=224)
    np.testing.assert_array_equal(clip.frames, decoded_by_opencv(path, sampling))


@pytest.mark.e2e
@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_pixels_of_real_clips_are_those_of_sequential_decoding(shared_data, sampling):
    for path in sorted((shared_data / "real_clips" / "liveportrait").glob("d*.mp4"))[:6]:
        clip = decode_clip(str(path), sampling=sampling, frames=20, size=224)
        np.testing.assert_array_equal(clip.frames, decoded_by_opencv(str(path), sampling))


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("b-frames.mp4", "libx264", {"g": "250", "bf": "3", "b_strategy": "0"}),
        ("b-pyramid.mkv", "libx264", {"g": "48", "bf": "5", "x264-params": "b-pyramid=normal:b-adapt=0"}),
        ("open-gop.mkv", "libx264", {"g": "24", "bf": "3", "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}),
        ("open-gop.ts", "libx264", {"g": "24", "bf": "3", "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}),
        ("no-b-frames.mp4", "libx264", {"g": "30", "bf": "0"}),
        ("hevc.mp4", "libx265", {"x265-params": "keyint=30:bframes=4:log-level=none"}),
        ("hevc-open-gop.mkv", "libx265", {"x265-params": "keyint=24:bframes=4:open-gop=1:log-level=none"}),
        ("mpeg4.avi", "mpeg4", {"g": "12", "bf": "2"}),
        ("mpeg2.ts", "mpeg2video", {"g": "15", "bf": "2"}),
        ("vp9.webm", "libvpx-vp9", {"g": "30", "deadline": "realtime", "cpu-used": "8"}),
    ],
)
def test_pixels_of_any_structure_are_those_of_sequential_decoding(tmp_path, sampling, name, codec, options):
    path = write_encoded(tmp_path / name, codec=codec, frames=130, options=options)
    clip = decode_clip(path, sampling=sampling, frames=20, size=224)
    np.testing.assert_array_equal(clip.frames, decoded_by_opencv(path, sampling))


@pytest.mark.parametrize("sampling", ["uniform", "bursts", "keyframes"])
def test_where_decoding_cannot_start_at_a_keyframe_it_starts_at_the_first(tmp_path, sampling):
    options = {"g": "30", "x264-params": "intra-refresh=1"}
    path = write_encoded(tmp_path / "refreshed.ts", codec="libx264", frames=400, options=options)
    clip = decode_clip(path, sampling=sampling, frames=20, size=224)
    expected = decoded_by_opencv(path, "uniform" if sampling == "keyframes" else sampling)
    np.testing.assert_array_equal(clip.frames, expected)


def test_only_what_the_sampled_frames_need_is_decoded(tmp_path):
    path = write_encoded(tmp_path / "clip.mp4", codec="libx264", frames=400, options={"g": "10", "bf": "0"})
    index = index_packets(path)
    wanted = index.presentation_order[[5, 200]]
    assert np.flatnonzero(index.needed(wanted)).tolist() == [0, 1, 2, 3, 4, 5, 200]


def test_a_leading_picture_needs_the_group_before_its_keyframe():
    # In decoding order: I0 P3 B1 B2 | I6 B4 B5 P7, where B4 and B5 refer to P3 and I6.
    index = PacketIndex(
        pts=np.asarray([0, 3, 1, 2, 6, 4, 5, 7]),
        keyframes=np.asarray([1, 0, 0, 0, 1, 0, 0, 0], bool),
        shown=np.ones(8, bool),
        truncated=False,
        starts=np.asarray([1, 0, 0, 0, 1, 0, 0, 0], bool),
    )
    assert np.flatnonzero(index.needed([5])).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.flatnonzero(index.needed([7])).tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("sampling", ["uniform", "bursts", "keyframes"])
def test_a_damaged_stream_is_decoded_in_sequence(tmp_path, sampling):
    path = tmp_path / "clip.mp4"
    write_encoded(path, codec="libx264", frames=90, options={"g": "30", "bf": "2"})
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat")
    generator = np.random.default_rng(0)
    for position in generator.integers(start + 1000, start + (len(content) - start) // 2, 40):
        content[position] ^= 0xFF
    path.write_bytes(content)
    clip = decode_clip(str(path), sampling=sampling, frames=20, size=224)
    assert 1 <= len(clip.frames) <= 20
    assert clip.truncated
    assert clip.good_frames < 90
    assert (np.diff(clip.timestamps_s) > 0).all()


def cut(path: str, kept: float) -> str:
    """Truncates a file whose index precedes its frames."""
    front = f"{path}.front.mp4"
    with av.open(path) as source, av.open(front, "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    content = pathlib.Path(front).read_bytes()
    pathlib.Path(front).write_bytes(content[: round(kept * len(content))])
    return front


@pytest.mark.parametrize("sampling", ["uniform", "bursts", "keyframes"])
def test_a_file_that_ends_early_says_so(write_video, sampling):
    path = write_video(frames=90)
    whole = decode_clip(path, sampling=sampling, frames=20, size=224)
    assert (whole.truncated, whole.good_frames) == (False, 90)
    half = decode_clip(cut(path, 0.6), sampling=sampling, frames=20, size=224)
    assert half.truncated
    assert len(half.frames) <= half.good_frames < 90


def test_a_frame_beyond_the_limit_of_pixels_is_refused(tmp_path):
    path = tmp_path / "vast.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16384, 4104, "gray"
        image = av.VideoFrame.from_ndarray(np.zeros((4104, 16384), np.uint8), format="gray")
        container.mux(stream.encode(image))
        container.mux(stream.encode())
    assert path.stat().st_size < 1 << 20
    with pytest.raises(VideoError) as raised:
        decode_clip(str(path), sampling="uniform", frames=20, size=224)
    assert raised.value.reason is Reason.TOO_LARGE


def test_timestamps_of_a_variable_frame_rate_are_its_own(tmp_path):
    path = tmp_path / "variable.mkv"
    times = np.cumsum([0, *np.random.default_rng(0).integers(10, 90, 59)])
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for image, time in zip(moving_shapes(60, 160, 120), times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = int(time), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    clip = decode_clip(str(path), sampling="uniform", frames=20, size=224)
    expected = times[list(sample_positions("uniform", 60, 20))] / 1000
    np.testing.assert_allclose(clip.timestamps_s, expected, atol=2e-3)


def test_timestamps_are_seconds_of_the_sampled_frames(write_video):
    clip = decode_clip(write_video(frames=60), sampling="uniform", frames=20, size=224)
    np.testing.assert_allclose(clip.timestamps_s, np.asarray(sample_positions("uniform", 60, 20)) / 30, atol=1e-3)


def test_truncated_video_gives_what_was_decoded(write_video, tmp_path):
    whole = write_video(frames=90)
    fragmented = tmp_path / "cut.ts"
    with av.open(whole) as source, av.open(str(fragmented), "w", format="mpegts") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    data = fragmented.read_bytes()
    fragmented.write_bytes(data[: len(data) // 2])
    clip = decode_clip(str(fragmented), sampling="uniform", frames=20, size=224)
    assert len(clip.frames) == 20
    assert clip.timestamps_s.max() < 2.0


def test_title_in_another_encoding_is_no_obstacle(write_video, tmp_path):
    path = write_video(frames=5)
    with av.open(path) as source, av.open(str(tmp_path / "titled.mkv"), "w") as target:
        target.metadata["title"] = "TITLE?"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    titled = tmp_path / "titled.mkv"
    titled.write_bytes(titled.read_bytes().replace(b"TITLE?", b"TITL\xc9!"))
    assert len(decode_clip(str(titled), sampling="first", frames=20, size=224).frames) == 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", Reason.UNREADABLE_CONTAINER), (b"no video at all" * 100, Reason.UNREADABLE_CONTAINER)],
)
def test_unreadable_file_gives_its_reason(tmp_path, content, reason):
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    with pytest.raises(VideoError) as raised:
        decode_clip(str(path), sampling="uniform", frames=20, size=224)
    assert raised.value.reason is reason
