"""Which files are opened as videos, whatever their names."""

import contextlib
import os
import pathlib
import socket
import string
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_containers import CONTAINERS, opened, refused, write

from components.video_decoding.decode import decode_clip
from components.video_decoding.files import local_copy
from components.video_decoding.header import read_header
from components.video_errors import Reason


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
