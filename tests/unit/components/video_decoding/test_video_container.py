"""Which files are opened as videos, whatever their names, and which of their streams."""

import contextlib
import os
import pathlib
import socket
import string
from collections.abc import Callable, Sequence

import av
import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.video_decoding.container import open_video
from components.video_decoding.decode import decode_clip
from components.video_decoding.files import local_copy
from components.video_decoding.header import read_header
from components.video_errors import Reason, VideoError

# Extension and muxer, encoder, pixel format, and size, where it matters.
CONTAINERS = [
    ("mp4", "mp4", "libx264", "yuv420p", (96, 64)),
    ("mov", "mov", "prores_ks", "yuv422p10le", (96, 64)),
    ("3gp", "3gp", "h263", "yuv420p", (176, 144)),
    ("mkv", "matroska", "libx265", "yuv420p", (96, 64)),
    ("webm", "webm", "libvpx-vp9", "yuv420p", (96, 64)),
    ("avi", "avi", "mpeg4", "yuv420p", (96, 64)),
    ("ts", "mpegts", "mpeg2video", "yuv420p", (96, 64)),
    ("vob", "vob", "mpeg2video", "yuv420p", (96, 64)),
    ("mpg", "mpeg", "mpeg2video", "yuv420p", (96, 64)),
    ("flv", "flv", "flv", "yuv420p", (96, 64)),
    ("wmv", "asf", "wmv2", "yuv420p", (96, 64)),
    ("ogv", "ogg", "libvpx", "yuv420p", (96, 64)),
    ("mxf", "mxf", "mpeg2video", "yuv420p", (720, 576)),
    ("rm", "rm", "rv20", "yuv420p", (176, 144)),
    ("dv", "dv", "dvvideo", "yuv411p", (720, 480)),
    ("nut", "nut", "ffv1", "yuv420p", (96, 64)),
    ("wtv", "wtv", "mpeg2video", "yuv420p", (96, 64)),
    ("swf", "swf", "flv", "yuv420p", (96, 64)),
    ("264", "h264", "libx264", "yuv420p", (96, 64)),
    ("265", "hevc", "libx265", "yuv420p", (96, 64)),
    ("m4v", "m4v", "mpeg4", "yuv420p", (96, 64)),
    ("m2v", "mpeg2video", "mpeg2video", "yuv420p", (96, 64)),
    ("h263", "h263", "h263", "yuv420p", (176, 144)),
    ("ivf", "ivf", "libvpx", "yuv420p", (96, 64)),
    ("obu", "obu", "libsvtav1", "yuv420p", (96, 64)),
    ("mjpeg", "mjpeg", "mjpeg", "yuvj420p", (96, 64)),
    ("y4m", "yuv4mpegpipe", "wrapped_avframe", "yuv420p", (96, 64)),
    ("gif", "gif", "gif", "rgb8", (96, 64)),
    ("png", "apng", "apng", "rgb24", (96, 64)),
    ("avif", "avif", "libsvtav1", "yuv420p", (96, 64)),
]


def write(
    path: pathlib.Path,
    *streams: tuple[tuple[int, int], int, str, str],
    muxer: str,
    codec: str = "mpeg4",
    pixels: str = "yuv420p",
) -> pathlib.Path:
    """Writes streams, each given as (size, frames, disposition, optional codec)."""
    with av.open(str(path), "w", format=muxer, options={"strict": "-1"}) as container:
        added = []
        for (width, height), _, disposition, own_codec in streams:
            stream = container.add_stream(own_codec or codec, rate=10)
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuvj420p" if own_codec == "mjpeg" else pixels
            stream.disposition = getattr(av.stream.Disposition, disposition or "default")
            if not disposition:
                stream.disposition = 0
            added.append(stream)
        for (size, frames, _, _), stream in zip(streams, added, strict=True):
            for number in range(frames):
                picture = np.full((size[1], size[0], 3), 20 * number % 256, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
    return path


@contextlib.contextmanager
def refused(reason: Reason, detail: str = ""):
    with pytest.raises(VideoError) as raised:
        yield
    assert raised.value.reason is reason
    assert detail in raised.value.detail


def opened(path: pathlib.Path) -> int:
    """The index of the stream that is picked."""
    with open_video(str(path)) as (_, stream):
        return stream.index


@pytest.mark.parametrize("kind", CONTAINERS, ids=[kind[0] for kind in CONTAINERS])
@pytest.mark.parametrize("named", ["", "clip.mp4", "clip.jpg"])
def test_containers_of_video_are_opened_whatever_their_name_says(tmp_path, kind, named):
    extension, muxer, codec, pixels, size = kind
    path = write(tmp_path / f"clip.{extension}", (size, 6, "default", ""), muxer=muxer, codec=codec, pixels=pixels)
    if named:
        path = path.rename(tmp_path / named)
    header = read_header(str(path))
    assert (header.width, header.height) == size


NAMES = (
    *("12:30.mp4", "2024-05-01T10:30:22.mp4", "http:x.mp4", "concat:a.mp4|b.mp4", "a%03d.mp4", "a%03d.png", "-i.mp4"),
    *(
        "|ls.mp4",
        "file:x.mp4",
        "pipe:0",
        "subfile,,start,1,end,2,,:x.mp4",
        "crypto:x",
        "a?b#c.mp4",
        "[1]*.mp4",
        "x.m3u8",
    ),
    *("lavfi:testsrc", "data:video.mp4", "%d", "x.sdp", "x.txt", "x.yuv", "new\nline.mp4", "\udcff.mp4", "@x", "~"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_of_a_file(tmp_path, write_video, monkeypatch, name):
    os.rename(write_video("clip.mp4", frames=5), tmp_path / name)
    assert len(decode_clip(str(tmp_path / name), sampling="uniform", frames=5, size=32).frames) == 5
    monkeypatch.chdir(tmp_path)
    assert read_header(name).width == 320


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> pathlib.Path:
    return write(tmp_path_factory.mktemp("clip") / "a.mp4", ((32, 32), 3, "default", ""), muxer="mp4")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.sampled_from(string.printable.replace("/", "")), min_size=1, max_size=40))
def test_any_name_is_of_a_file(tmp_path, clip, name):
    if name in (".", ".."):
        return
    path = tmp_path / name
    path.unlink(missing_ok=True)
    path.hardlink_to(clip)
    assert opened(path) == 0


LISTS = {
    "ffconcat": "ffconcat version 1.0\nfile clip.mp4\n",
    "itself": "ffconcat version 1.0\nfile list.mp4\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nclip.mp4\n#EXT-X-ENDLIST\n",
    "m3u": "\ufeff#EXTM3U\nclip.mp4\n",
    "dash": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>\n',
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n",
    "cue": 'REM DATE 2024\nFILE "clip.mp4" WAVE\n  TRACK 01 AUDIO\n',
    "pls": "[playlist]\nFile1=clip.mp4\nNumberOfEntries=1\n",
    "asx": '<asx version="3.0"><entry><ref href="clip.mp4"/></entry></asx>',
    "reference": "[Reference]\r\nRef1=http://localhost/clip.mp4\r\n",
    "url": "http://localhost/clip.mp4\n",
    "xspf": "<?xml version='1.0'?>\n<!-- mine -->\n<playlist><trackList/></playlist>",
    "names": "# mine\nclip.mp4\nanother clip.MKV\n",
    "files": "file 'clip.mp4'\nfile 'other.mp4'",
    "ffmetadata": ";FFMETADATA1\ntitle=x\n",
}


@pytest.mark.parametrize("name", ["list.mp4", "list.ffconcat", "list.m3u8", "list.mpd", "list.sdp", "list"])
@pytest.mark.parametrize("kind", LISTS)
def test_what_lists_other_files_is_no_video(tmp_path, clip, kind, name):
    (tmp_path / "clip.mp4").hardlink_to(clip)
    (tmp_path / name).write_text(LISTS[kind])
    with refused(Reason.NOT_A_VIDEO):
        opened(tmp_path / name)


def picture(extension: str) -> bytes:
    pixels = np.zeros((48, 64, 3), np.uint8)
    return cv2.imencode(extension, pixels)[1].tobytes()


@pytest.mark.parametrize("named", ["", "clip.mp4", "frame%03d.jpg"])
@pytest.mark.parametrize("extension", [".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm", ".jp2", ".ras", ".hdr"])
def test_a_still_picture_is_no_video(tmp_path, extension, named):
    path = tmp_path / (named or f"picture{extension}")
    path.write_bytes(picture(extension))
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


@pytest.mark.parametrize("pictures", [2, 3, 5])
def test_several_pictures_in_one_jpeg_are_no_video(tmp_path, pictures):
    content = picture(".jpg")
    parts = b"\xff\xe2" + (20).to_bytes(2, "big") + b"MPF\0" + bytes(14)
    (tmp_path / "portrait.jpg").write_bytes(content[:2] + parts + content[2:] + (pictures - 1) * content)
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(tmp_path / "portrait.jpg")


def test_a_picture_with_a_video_behind_it_is_a_picture(tmp_path, clip):
    (tmp_path / "motion.jpg").write_bytes(picture(".jpg") + clip.read_bytes())
    with refused(Reason.NOT_A_VIDEO, "a still picture (jpeg)"):
        opened(tmp_path / "motion.jpg")


@pytest.mark.parametrize("kind", ["gif", "png", "avif"])
def test_an_animation_of_one_frame_is_a_still_picture(tmp_path, kind):
    _, muxer, codec, pixels, size = next(row for row in CONTAINERS if row[0] == kind)
    path = write(tmp_path / "a.mp4", (size, 1, "default", ""), muxer=muxer, codec=codec, pixels=pixels)
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


def brand(content: bytes, name: bytes) -> bytes:
    """Replaces the brand in the first box."""
    size = int.from_bytes(content[:4], "big")
    return content[:8] + name + content[12:16] + name * ((size - 16) // 4) + content[size:]


@pytest.mark.parametrize("name", [b"heic", b"mif1", b"mp42", b"isom", b"qt  "])
def test_a_still_picture_in_boxes_is_none_whatever_brand_it_says(tmp_path, name):
    path = write(tmp_path / "a.avif", ((96, 64), 1, "default", ""), muxer="avif", codec="libsvtav1")
    path.write_bytes(brand(path.read_bytes(), name))
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


@pytest.mark.parametrize("muxer", ["mp4", "matroska", "avi"])
def test_a_video_of_one_frame_is_a_video(tmp_path, muxer):
    assert opened(write(tmp_path / "a", ((96, 64), 1, "default", ""), muxer=muxer)) == 0


def test_pictures_of_many_tiles_are_refused(shared_data):
    folder = shared_data / "real_world_cases"
    for name in ("grid.avif", "motion_photo.jpg", "hls_same_playlist/A/index.m3u8", "hls_same_playlist/B/index.m3u8"):
        with refused(Reason.NOT_A_VIDEO):
            opened(folder / name)
    for name in ("thumb_first.mkv", "thumb_first.mp4", "preview_first.mkv"):
        assert opened(folder / name) == 1


def make_socket(path: pathlib.Path) -> None:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (os.mkfifo, "a pipe"),
        (os.mkdir, "a folder"),
        (make_socket, "a socket"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
    ],
    ids=["pipe", "folder", "socket", "device"],
)
def test_what_is_no_file_is_refused_at_once(tmp_path, make: Callable[[pathlib.Path], None], kind):
    make(tmp_path / "a.mp4")
    with refused(Reason.NOT_A_VIDEO, kind):
        opened(tmp_path / "a.mp4")
    with refused(Reason.NOT_A_VIDEO, kind), local_copy(str(tmp_path / "a.mp4")):
        pass


def test_what_cannot_be_read_says_so(tmp_path):
    with refused(Reason.MISSING):
        opened(tmp_path / "nothing.mp4")
    with refused(Reason.UNREADABLE_CONTAINER, "Input/output error"):
        opened(pathlib.Path("/proc/self/mem"))


SMALL, LARGE, SHORT = (64, 48), (128, 96), (256, 192)
STREAMS: list[tuple[str, Sequence[tuple[tuple[int, int], int, str, str]], int]] = [
    ("the larger", [(SMALL, 8, "", ""), (LARGE, 8, "", "")], 1),
    ("the larger of two by default", [(SMALL, 8, "default", ""), (LARGE, 8, "default", "")], 1),
    ("the default though smaller", [(LARGE, 8, "", ""), (SMALL, 8, "default", "")], 1),
    ("the default though first", [(SMALL, 8, "default", ""), (LARGE, 8, "", "")], 0),
    ("the first of equals", [(LARGE, 8, "default", ""), (LARGE, 8, "default", "")], 0),
    ("no thumbnail", [(SHORT, 1, "", "mjpeg"), (SMALL, 8, "", "")], 1),
    ("no thumbnail by default", [(SHORT, 1, "default", "mjpeg"), (SMALL, 8, "", "")], 1),
    ("three", [(SMALL, 8, "", ""), (SHORT, 1, "default", "mjpeg"), (LARGE, 8, "", "")], 2),
]


@pytest.mark.parametrize(
    ("muxer", "streams", "taken"),
    # The MOV muxer makes one stream the default if none is.
    [(muxer, *row[1:]) for muxer in ("matroska", "mov") for row in STREAMS if muxer != "mov" or row[0] != "the larger"],
)
def test_of_several_streams_the_one_is_taken_that_players_show(tmp_path, streams, taken, muxer):
    path = str(write(tmp_path / "a", *streams, muxer=muxer))
    assert opened(path) == taken
    for sampling in ("uniform", "first"):
        clip = decode_clip(path, sampling=sampling, frames=20, size=32)
        assert len(clip.frames) == 8
        assert clip.notes == ("several_video_streams",)
    header = read_header(path)
    assert (header.width, header.height) == streams[taken][0]


def test_a_cover_is_no_further_stream(tmp_path):
    path = str(write(tmp_path / "a.mp4", (SHORT, 1, "attached_pic", "mjpeg"), (SMALL, 8, "default", ""), muxer="mp4"))
    with open_video(path) as (container, stream):
        assert (len(container.streams), stream.width) == (2, SMALL[0])
    assert decode_clip(path, sampling="uniform", frames=20, size=32).notes == ()
