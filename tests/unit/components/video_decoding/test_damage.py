"""Damage is reported by the decoder, or by the container's declared end, never by a count in a header."""

import pathlib
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from drawn_frames import moving_shapes

from components.video_decoding.clip import Clip
from components.video_decoding.decode import decode_clip


def write(
    path: pathlib.Path, codec: str, *, times: list[int] | None = None, movflags: str = "", frames: int = 60
) -> str:
    """Writes a clip of 30 frames per second, or with these times in thirtieths of a second."""
    options = {"movflags": movflags} if movflags else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height = 160, 96
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size = 15
        for index, image in enumerate(moving_shapes(frames, 160, 96)):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = times[index] if times else index, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return str(path)


def uniform(path: str | pathlib.Path) -> Clip:
    return decode_clip(str(path), sampling="uniform", frames=20, size=64)


def with_edit(path: pathlib.Path, *, frames: int) -> pathlib.Path:
    """Shortens the edit list to this many thirtieths of a second, as phones do to trim a clip."""
    content = bytearray(path.read_bytes())
    at = content.index(b"elst") + 12
    scale = struct.unpack(">I", content[content.index(b"mvhd") + 16 :][:4])[0]
    content[at : at + 4] = struct.pack(">I", frames * scale // 30)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("shown", [4, 40])
def test_an_edit_list_that_hides_the_end_is_no_damage(tmp_path, shown):
    write(tmp_path / "clip.mp4", "libx264")
    clip = uniform(with_edit(tmp_path / "clip.mp4", frames=shown))
    assert not clip.truncated
    assert clip.good_frames == shown
    assert len(clip.frames) == min(20, shown)


@pytest.mark.parametrize("codec", ["mpeg4", "mjpeg", "libx264"])
@pytest.mark.parametrize("name", ["clip.avi", "clip.mkv", "clip.mp4"])
def test_a_variable_rate_is_no_damage(tmp_path, codec, name):
    times = [2 * index for index in range(30)] + [30 + index for index in range(30, 60)]
    clip = uniform(write(tmp_path / name, codec, times=times))
    assert not clip.truncated
    assert clip.good_frames == 60
    assert (np.diff(clip.timestamps_s) > 0).all()


def test_transport_streams_that_are_joined_are_no_damage(tmp_path):
    part = pathlib.Path(write(tmp_path / "part.ts", "libx264")).read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    clip = uniform(tmp_path / "joined.ts")
    assert not clip.truncated
    assert clip.good_frames == 120
    np.testing.assert_allclose(np.diff(clip.timestamps_s), 6 / 30, atol=1e-3)


def test_what_follows_a_file_is_no_part_of_it(tmp_path):
    path = pathlib.Path(write(tmp_path / "clip.mp4", "libx264"))
    path.write_bytes(path.read_bytes() + b"\x7f" * 1000)
    assert not uniform(path).truncated


@pytest.mark.parametrize("kept", [0.7, 0.9, 0.99])
@pytest.mark.parametrize(
    ("name", "codec", "movflags"),
    [
        ("front.mp4", "libx264", "faststart"),
        ("fragments.mp4", "libx264", "frag_keyframe+empty_moov"),
        ("mpeg4.avi", "mpeg4", ""),
        ("mjpeg.avi", "mjpeg", ""),
        ("clip.mkv", "libx264", ""),
        ("clip.webm", "libvpx-vp9", ""),
        ("clip.wmv", "wmv2", ""),
    ],
)
def test_a_file_that_is_cut_says_so(tmp_path, name, codec, movflags, kept):
    path = pathlib.Path(write(tmp_path / name, codec, movflags=movflags))
    assert not uniform(path).truncated
    path.write_bytes(path.read_bytes()[: round(kept * path.stat().st_size)])
    clip = uniform(path)
    assert clip.truncated
    assert clip.good_frames <= 60


def test_a_file_that_is_cut_between_two_frames_says_so(tmp_path):
    path = pathlib.Path(write(tmp_path / "front.mp4", "libx264", movflags="faststart"))
    with av.open(str(path)) as container:
        end = max(entry.pos + entry.size for entry in list(container.streams.video[0].index_entries)[:30])
    path.write_bytes(path.read_bytes()[:end])
    clip = uniform(path)
    assert clip.truncated
    assert clip.good_frames <= 30
    assert not decode_clip(str(path), sampling="first", frames=10, size=64).truncated


def test_the_first_frames_say_so_where_the_file_ends_before_them(tmp_path):
    path = pathlib.Path(write(tmp_path / "front.mp4", "libx264", movflags="faststart"))
    whole = pathlib.Path(write(tmp_path / "whole.mp4", "libx264", frames=10))
    with av.open(str(path)) as container:
        end = max(entry.pos + entry.size for entry in list(container.streams.video[0].index_entries)[:10])
    path.write_bytes(path.read_bytes()[:end])
    cut, short = (decode_clip(str(each), sampling="first", frames=20, size=64) for each in (path, whole))
    assert (cut.truncated, short.truncated) == (True, False)
    assert len(short.frames) == 10
