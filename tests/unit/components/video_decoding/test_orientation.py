"""A clip stored in any of the eight orientations is shown like its upright twin."""

import pathlib
import struct

import av
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext
from drawn_frames import moving_shapes

from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.face import Face, FaceSearch
from pipeline.score.explain.preview import write_preview

# By (transposed, mirrored, upside down): a, b, c, d of x' = a x + c y and y' = b x + d y.
MATRICES = {
    (False, False, False): (1, 0, 0, 1),
    (False, True, False): (-1, 0, 0, 1),
    (False, False, True): (1, 0, 0, -1),
    (False, True, True): (-1, 0, 0, -1),
    (True, False, False): (0, 1, 1, 0),
    (True, True, False): (0, 1, -1, 0),
    (True, False, True): (0, -1, 1, 0),
    (True, True, True): (0, -1, -1, 0),
}
WIDTH, HEIGHT = 321, 202


def upright_frames() -> list[np.ndarray]:
    """Frames whose corners all differ."""
    frames = moving_shapes(24, WIDTH, HEIGHT)
    for frame in frames:
        frame[: HEIGHT // 3, : WIDTH // 2] = (230, 30, 30)
        frame[-HEIGHT // 3 :, : WIDTH // 2] = (30, 230, 30)
        frame[: HEIGHT // 4, -WIDTH // 3 :] = (30, 30, 230)
    return frames


def stored(frame: np.ndarray, way: tuple[bool, bool, bool]) -> np.ndarray:
    """Returns the frame that is shown as `frame`, by undoing the steps of showing it."""
    transposed, mirrored, upside_down = way
    frame = frame[:: -1 if upside_down else 1, :: -1 if mirrored else 1]
    return np.ascontiguousarray(frame.transpose(1, 0, 2) if transposed else frame)


def write_clip(path: pathlib.Path, frames: list[np.ndarray], matrix: tuple[int, int, int, int] = (1, 0, 0, 1)) -> str:
    """Writes a lossless clip with a display matrix in the track header."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv444p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 44
    a, b, c, d = (cell << 16 for cell in matrix)
    content[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return str(path)


def find_red(frame: np.ndarray) -> list[Face]:
    """Detects the red corner as a face."""
    rows, columns = np.nonzero((frame[:, :, 2] > 180) & (frame[:, :, 1] < 80) & (frame[:, :, 0] < 80))
    left, top = int(columns.min()), int(rows.min())
    return [Face(left, top, int(columns.max()) - left, int(rows.max()) - top, "frontal")]


def turned_clip(folder: pathlib.Path, way: tuple[bool, bool, bool]) -> str:
    return write_clip(folder / "turned.mp4", [stored(frame, way) for frame in upright_frames()], MATRICES[way])


@pytest.mark.parametrize("way", MATRICES)
@pytest.mark.parametrize("faces", [None, FaceSearch(find_red)], ids=["centre", "face"])
@pytest.mark.parametrize("alter", [None, lambda frames: frames], ids=["as it is", "altered"])
def test_a_clip_is_seen_as_it_is_shown(tmp_path, way, faces, alter):
    settings = {"sampling": "uniform", "frames": 20, "size": 224, "faces": faces, "alter": alter}
    clip = decode_clip(turned_clip(tmp_path, way), **settings)
    twin = decode_clip(write_clip(tmp_path / "upright.mp4", upright_frames()), **settings)
    assert (clip.face_status, clip.crop_side) == (twin.face_status, twin.crop_side)
    np.testing.assert_allclose(clip.frames.astype(int), twin.frames.astype(int), atol=1)


@pytest.mark.parametrize("way", MATRICES)
def test_a_preview_is_upright(tmp_path, way):
    preview = str(tmp_path / "preview.mp4")
    assert write_preview(turned_clip(tmp_path, way), preview)["note"].startswith("A preview of 320x202 pixels")
    with av.open(preview) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")[:, :, :3].astype(int)
    expected = upright_frames()[0][:, :320].astype(int)
    for rows in (slice(10, 40), slice(-40, -10)):
        for columns in (slice(10, 60), slice(-60, -10)):
            difference = shown[rows, columns].mean((0, 1)) - expected[rows, columns].mean((0, 1))
            assert np.abs(difference).max() < 30


def test_the_streams_own_orientation_counts_too(tmp_path):
    source, target = write_clip(tmp_path / "plain.mp4", upright_frames()), tmp_path / "turned.mkv"
    with av.open(source) as reader, av.open(str(target), "w") as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        turn = BitStreamFilterContext("h264_metadata=display_orientation=insert:rotate=90", reader.streams.video[0])
        for packet in reader.demux(video=0):
            for turned in turn.filter(packet if packet.size else None):
                turned.stream = stream
                writer.mux(turned)
    clip = decode_clip(str(target), sampling="uniform", frames=20, size=224)
    upright = [np.ascontiguousarray(np.rot90(frame)) for frame in upright_frames()]
    twin = decode_clip(write_clip(tmp_path / "twin.mp4", upright), sampling="uniform", frames=20, size=224)
    np.testing.assert_allclose(clip.frames.astype(int), twin.frames.astype(int), atol=1)


@pytest.mark.parametrize("degrees", [10, -30, 80, 100])
def test_any_other_angle_counts_as_the_nearest_quarter_turn(tmp_path, degrees):
    turn = np.deg2rad(degrees)
    frames = upright_frames()
    path = pathlib.Path(write_clip(tmp_path / "plain.mp4", frames))
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 44
    a, b = round(np.cos(turn) * (1 << 16)), round(np.sin(turn) * (1 << 16))
    content[start : start + 20] = struct.pack(">5i", a, b, 0, -b, a)
    path.write_bytes(content)
    clip = decode_clip(str(path), sampling="first", frames=1, size=224)
    twin = decode_clip(write_clip(tmp_path / "twin.mp4", frames), sampling="first", frames=1, size=224)
    expected = np.rot90(twin.frames[0], -1) if degrees > 45 else twin.frames[0]
    np.testing.assert_allclose(clip.frames[0].astype(int), expected.astype(int), atol=1)
