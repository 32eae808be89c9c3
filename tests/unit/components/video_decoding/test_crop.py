"""How clips are cropped around detections, tested with red discs that are detected by colour as faces."""

import contextlib

import av
import cv2
import numpy as np
import pytest

from components.video_decoding.clip import Part
from components.video_decoding.decode import decode_clip, decode_windows
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.faces.detectors import FaceDetection, at_reduced_size
from components.video_decoding.faces.face import Face, FaceSearch
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.frame_choice import FrameChoice

SETTINGS = {"sampling": "uniform", "frames": 20, "size": 224}


def find_discs(frame: np.ndarray) -> list[Face]:
    """Detects the red discs in a frame."""
    red = (frame[:, :, 2] > 150) & (frame[:, :, 1] < 90) & (frame[:, :, 0] < 90)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(red.astype(np.uint8))
    return [Face(*map(float, box[:4]), "frontal") for box in boxes[1:] if box[4] > 50]


def find_nothing(frame: np.ndarray) -> list[Face]:
    return []


@pytest.fixture
def write_discs(tmp_path):
    """Writes a lossless clip of red discs, (x, y, radius) each, on a gray gradient, and returns its path."""

    def write(discs, *, width=320, height=240, turns=0, frames=12, name="clip.mkv") -> str:
        image = np.repeat(np.linspace(100, 140, width, dtype=np.uint8)[None, :, None], 3, 2).repeat(height, 0)
        for x, y, radius in discs:
            cv2.circle(image, (x, y), radius, (230, 20, 20), -1)
        image = np.ascontiguousarray(np.rot90(image, turns))
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264rgb", rate=25, options={"qp": "0"})
            stream.height, stream.width = image.shape[:2]
            stream.pix_fmt = "rgb24"
            for _ in range(frames):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            container.mux(stream.encode())
        return str(path)

    return write


def disc_box(pixels: np.ndarray) -> np.ndarray:
    """The box of the disc in the middle of a crop, [left, top, width, height]."""
    (found,) = find_discs(pixels[:, :, ::-1])
    return np.asarray([found.left, found.top, found.width, found.height])


def test_the_face_fills_the_crop_but_for_the_margin(write_discs):
    clip = decode_clip(write_discs([(220, 100, 30)]), **SETTINGS, faces=FaceSearch(find_discs))
    assert clip.face_status == "frontal"
    assert clip.frames.shape == (12, 224, 224, 3)
    for pixels in clip.frames:
        np.testing.assert_allclose(disc_box(pixels), [26, 26, 172, 172], atol=5)


def test_the_largest_of_four_faces_is_cropped(write_discs):
    path = write_discs([(50, 50, 20), (250, 60, 24), (60, 190, 34), (250, 180, 22)])
    clip = decode_clip(path, **SETTINGS, faces=FaceSearch(find_discs))
    np.testing.assert_allclose(disc_box(clip.frames[0]), [26, 26, 172, 172], atol=5)


def test_without_a_face_it_is_the_centre_square(write_discs):
    path = write_discs([(220, 100, 30)])
    clip, expected = decode_clip(path, **SETTINGS, faces=FaceSearch(find_nothing)), decode_clip(path, **SETTINGS)
    assert (clip.face_status, expected.face_status) == ("none", "not_wanted")
    np.testing.assert_array_equal(clip.frames, expected.frames)


@pytest.mark.parametrize("sampling", ["uniform", "first", "bursts", "keyframes"])
def test_the_same_frames_are_taken_as_without_faces(write_video, sampling):
    settings = {**SETTINGS, "sampling": sampling}
    path = write_video(frames=50)
    clip, expected = decode_clip(path, **settings, faces=FaceSearch(find_nothing)), decode_clip(path, **settings)
    np.testing.assert_array_equal(clip.frames, expected.frames)
    np.testing.assert_array_equal(clip.timestamps_s, expected.timestamps_s)


def test_a_face_found_at_reduced_size_is_where_it_is_in_the_whole_frame(write_discs):
    path = write_discs([(1200, 400, 150)], width=1600, height=900, frames=3)
    clip = decode_clip(path, **SETTINGS, faces=FaceSearch(find_discs, 320))
    np.testing.assert_allclose(disc_box(clip.frames[0]), [26, 26, 172, 172], atol=6)


@pytest.mark.parametrize("long_side", [64, 320, 10_000])
def test_the_detector_never_sees_more_than_its_size(long_side):
    seen = []
    at_reduced_size(lambda frame: seen.append(frame.shape) or [], long_side)(np.zeros((90, 640, 3), np.uint8))
    assert max(seen[0]) == min(640, long_side)


@pytest.mark.parametrize(("turns", "clockwise"), [(1, 90), (2, 180), (3, 270)])
def test_a_rotated_clip_gives_the_frames_of_its_upright_twin(write_discs, tmp_path, turns, clockwise):
    discs = [(221, 100, 30)]
    upright = decode_clip(write_discs(discs), **SETTINGS, faces=FaceSearch(find_discs))
    turned = write_discs(discs, turns=turns, name="turned.mkv")
    tagged = with_rotation(turned, tmp_path / "tagged.mp4", clockwise)
    clip = decode_clip(tagged, **SETTINGS, faces=FaceSearch(find_discs))
    np.testing.assert_array_equal(clip.frames, upright.frames)


def with_rotation(source: str, target, clockwise: int) -> str:
    """Copies a clip into an MP4 whose track header has a matrix that rotates it."""
    with av.open(source) as reader, av.open(str(target), "w") as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        for packet in reader.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                writer.mux(packet)
    content = bytearray(target.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    one, minus = (1 << 16).to_bytes(4, "big"), (-(1 << 16)).to_bytes(4, "big", signed=True)
    cells = {90: (1, one, 3, minus), 180: (0, minus, 4, minus), 270: (1, minus, 3, one)}[clockwise]
    content[matrix : matrix + 36] = bytes(36)
    content[matrix + 32 : matrix + 36] = (1 << 30).to_bytes(4, "big")
    for cell, value in zip(cells[::2], cells[1::2], strict=True):
        content[matrix + 4 * cell : matrix + 4 * cell + 4] = value
    target.write_bytes(content)
    return str(target)


def parts(path: str, tracks: TrackChoice) -> list[Part]:
    return list(decode_windows(path, FrameChoice("uniform", 20), size=224, faces=FaceSearch(find_discs), tracks=tracks))


def test_each_tracked_face_is_a_clip_of_its_own_with_its_boxes(write_discs):
    path = write_discs([(80, 120, 30), (240, 100, 40)])
    window, _ = parts(path, TrackChoice(min_frames=5, most=4))
    assert len(window.clips) == 2
    for clip, times_s, (x, y, radius) in zip(
        window.clips, window.times_s, [(240, 100, 40), (80, 120, 30)], strict=True
    ):
        assert clip.face_status == "frontal"
        assert len(clip.frames) == len(times_s) == len(clip.face_boxes) == 12
        np.testing.assert_allclose(disc_box(clip.frames[0]), [26, 26, 172, 172], atol=6)
        expected = [(x - radius) / 320, (y - radius) / 240, (x + radius) / 320, (y + radius) / 240]
        np.testing.assert_allclose(clip.face_boxes, np.tile(expected, (12, 1)), atol=0.01)
    (largest,) = parts(path, TrackChoice(min_frames=5, most=1))[0].clips
    np.testing.assert_array_equal(largest.frames, window.clips[0].frames)


def test_without_a_face_that_lasts_it_is_the_centre_square(write_discs):
    path = write_discs([(220, 100, 30)])
    seen = []

    def once(frame: np.ndarray) -> list[Face]:
        seen.append(frame)
        return find_discs(frame) if len(seen) == 1 else []

    choice = FrameChoice("uniform", 20)
    (window, _) = decode_windows(path, choice, size=224, faces=FaceSearch(once), tracks=TrackChoice(5, 4))
    (clip,) = window.clips
    np.testing.assert_array_equal(clip.frames, decode_clip(path, **SETTINGS).frames)
    assert (clip.face_status, clip.face_boxes.any()) == ("none", False)


@pytest.mark.e2e
def test_the_decoding_process_crops_as_this_one(write_video):
    faces = FaceDetection("haar")
    path = write_video(frames=8)
    with contextlib.closing(IsolatedDecoder(timeout_s=60, memory_bytes=1 << 30, faces=faces)) as decoder:
        clip = decoder.decode(path, **SETTINGS)
    expected = decode_clip(path, **SETTINGS, faces=faces.search())
    assert clip.face_status == expected.face_status
    np.testing.assert_array_equal(clip.frames, expected.frames)
