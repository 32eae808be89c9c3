"""Of several video streams, the one that players show is taken."""

from collections.abc import Sequence

import pytest
from written_containers import opened, write

from components.video_decoding.container import open_video
from components.video_decoding.decode import decode_clip
from components.video_decoding.header import read_header

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
