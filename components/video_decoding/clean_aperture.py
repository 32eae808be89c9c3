"""The clean aperture: the part of the frame that players of an MP4 file show. FFmpeg's decoders do not crop to it."""

import os
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from components.regular_files import open_regular_file
from components.video_decoding.file_end import boxes

_FOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
# Bytes before the nested boxes: in the list of sample descriptions, and in the description of a video.
_LIST_HEADER, _VIDEO_HEADER = 8, 78
# Offset of the width in the description of a video.
_WIDTH = 24
_SIZE = struct.Struct(">4I")


def has_clean_aperture(path: str, width: int, height: int) -> bool:
    """Returns whether players crop an MP4 file's video of this size; False for other formats, where it is not known."""
    with open_regular_file(path) as file:
        return any(
            size != (width, height)
            for start, end in _within(file, 0, os.path.getsize(path), _FOLDERS)
            for size in _apertures(file, start, end, width)
        )


def _within(file: BinaryIO, start: int, end: int, folders: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Yields the start and end of the contents of the innermost of these nested boxes."""
    if not folders:
        yield start, end
        return
    for kind, content, until in boxes(file, start, end):
        if kind == folders[0]:
            skipped = _LIST_HEADER if kind == b"stsd" else 0
            yield from _within(file, content + skipped, until, folders[1:])


def _apertures(file: BinaryIO, start: int, end: int, width: int) -> Iterator[tuple[Fraction, Fraction]]:
    """Yields the shown sizes that the descriptions of videos of this width declare."""
    for _, content, until in boxes(file, start, end):
        file.seek(content + _WIDTH)
        if int.from_bytes(file.read(2), "big") != width:
            continue
        for kind, place, _ in boxes(file, content + _VIDEO_HEADER, until):
            file.seek(place)
            # A truncated box is ignored.
            numbers = file.read(_SIZE.size) if kind == b"clap" else b""
            if len(numbers) == _SIZE.size:
                across, of_across, down, of_down = _SIZE.unpack(numbers)
                if of_across and of_down:
                    yield Fraction(across, of_across), Fraction(down, of_down)
