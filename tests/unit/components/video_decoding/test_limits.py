"""Clips report how their frames differ from what a player shows."""

import pathlib
import struct
from fractions import Fraction

import av
import pytest
from drawn_frames import moving_shapes

from components.video_decoding.clip import Clip
from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.face import Face, FaceSearch


def write(path: pathlib.Path, *, transfer: int = 1, aspect: Fraction = Fraction(1)) -> pathlib.Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.color_trc = transfer
        stream.codec_context.sample_aspect_ratio = aspect
        for image in moving_shapes(30, 160, 120):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    return path


def decode(path: pathlib.Path, sampling: str = "uniform", **settings: object) -> Clip:
    return decode_clip(str(path), sampling=sampling, frames=20, size=64, **settings)


@pytest.mark.parametrize("sampling", ["uniform", "first", "bursts", "keyframes"])
@pytest.mark.parametrize(("transfer", "color"), [(1, "sdr"), (16, "hdr_as_sdr"), (18, "hdr_as_sdr"), (13, "sdr")])
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
def test_hdr_is_told(tmp_path, name, sampling, transfer, color):
    clip = decode(write(tmp_path / name, transfer=transfer), sampling)
    assert (clip.color, clip.notes, clip.sampled_as, clip.crop_side) == (color, (), sampling, 120)


@pytest.mark.parametrize("sampling", ["uniform", "first"])
def test_pixels_that_are_not_square_are_told(tmp_path, sampling):
    assert decode(write(tmp_path / "clip.mp4", aspect=Fraction(16, 11)), sampling).notes == ("pixel_aspect_ignored",)


@pytest.mark.parametrize(("width", "height", "told"), [(160, 120, False), (120, 120, True), (160, 100, True)])
def test_a_clean_aperture_is_told(tmp_path, width, height, told):
    path = write(tmp_path / "clip.mov")
    path.write_bytes(described(path, aperture(width, height)))
    assert decode(path).notes == (("clean_aperture_ignored",) if told else ())


def aperture(width: int, height: int) -> bytes:
    return struct.pack(">I4s8I", 40, b"clap", width, 1, height, 1, 0, 1, 0, 1)


def described(path: pathlib.Path, box: bytes) -> bytes:
    """Adds a box to the file's sample description."""
    content = bytearray(path.read_bytes())
    at = content.index(b"avcC") - 4
    content[at:at] = box
    for around in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        start = content.index(around) - 4
        content[start : start + 4] = struct.pack(">I", struct.unpack(">I", content[start : start + 4])[0] + len(box))
    return bytes(content)


def test_an_aperture_that_is_cut_off_ends_nothing(tmp_path):
    path = write(tmp_path / "clip.mov")
    content = described(path, aperture(120, 120))
    again = content[content.index(b"moov") - 4 : content.index(b"clap") + 10]
    path.write_bytes(path.read_bytes() + again)
    assert decode(path).notes == ()


def test_boxes_within_boxes_end_nothing(tmp_path):
    path = write(tmp_path / "clip.mov")
    box = b""
    for _ in range(3000):
        box = struct.pack(">I4s24xH52x", 86 + len(box), b"next", 160) + box
    path.write_bytes(described(path, box))
    assert decode(path).notes == ()


def test_the_side_of_a_faces_square_is_told(tmp_path):
    path = write(tmp_path / "clip.mp4")
    clip = decode(path, faces=FaceSearch(lambda frame: [Face(40, 40, 20, 20, "frontal")]))
    assert clip.crop_side == 26


def test_keyframes_that_are_not_known_are_told(tmp_path):
    with av.open(str(tmp_path / "clip.ts"), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"x264-params": "intra-refresh=1", "g": "10"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for image in moving_shapes(60, 160, 120):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    clip = decode(tmp_path / "clip.ts", "keyframes")
    assert clip.sampled_as == "uniform"
    assert len(clip.frames) == 20
