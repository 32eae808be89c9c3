import av
import cv2
import numpy as np
import pytest

from components.frame_feature_gen.crop import center_square
from components.frame_feature_gen.decode import decode_clip
from components.frame_feature_gen.sampling import SAMPLINGS, sample_positions
from components.quarantine import Reason, VideoError


def decoded_by_opencv(path: str, sampling: str) -> np.ndarray:
    """All frames one after the other, then the sampled ones."""
    capture = cv2.VideoCapture(path)
    frames = []
    while True:
        read, frame = capture.read()
        if not read:
            break
        frames.append(center_square(frame, 224)[:, :, ::-1])
    return np.stack([frames[position] for position in sample_positions(sampling, len(frames), 20)])


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize(("frames", "width", "height"), [(75, 320, 240), (30, 242, 360), (9, 256, 256)])
def test_pixels_are_those_of_sequential_decoding(write_video, sampling, frames, width, height):
    path = write_video(frames=frames, width=width, height=height)
    clip = decode_clip(path, sampling=sampling, frames=20, size=224)
    np.testing.assert_array_equal(clip.frames, decoded_by_opencv(path, sampling))


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_pixels_of_real_clips_are_those_of_sequential_decoding(shared_data, sampling):
    for path in sorted((shared_data / "real_clips" / "liveportrait").glob("d*.mp4"))[:6]:
        clip = decode_clip(str(path), sampling=sampling, frames=20, size=224)
        np.testing.assert_array_equal(clip.frames, decoded_by_opencv(str(path), sampling))


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
