"""The part of the frames that an MP4 file tells players to show, which FFmpeg's decoders do not cut out."""

import os
import struct
from fractions import Fraction
from typing import BinaryIO

from components.frame_feature_gen.file_end import boxes

_FOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
# Before the boxes within: of the list of descriptions, and of a description of video.
_LIST_HEADER, _VIDEO_HEADER = 8, 78


def has_clean_aperture(path: str, width: int, height: int) -> bool:
    """Tells whether an MP4 file's video, of this size, is to be shown in part; of another file it is not known."""
    with open(path, "rb") as file:
        return any(size != (width, height) for size in _apertures(file, 0, os.path.getsize(path), _FOLDERS, width))


def _apertures(
    file: BinaryIO, start: int, end: int, folders: tuple[bytes, ...], width: int
) -> list[tuple[Fraction, Fraction]]:
    found: list[tuple[Fraction, Fraction]] = []
    for kind, content, until in list(boxes(file, start, end)):
        if folders and kind == folders[0]:
            skipped = _LIST_HEADER if kind == b"stsd" else 0
            found += _apertures(file, content + skipped, until, folders[1:], width)
        elif not folders and kind != b"clap":
            file.seek(content + 24)
            if file.read(2) == struct.pack(">H", width):
                found += _apertures(file, content + _VIDEO_HEADER, until, (), width)
        elif kind == b"clap":
            file.seek(content)
            across, of_across, down, of_down = struct.unpack(">4I", file.read(16))
            if of_across and of_down:
                found.append((Fraction(across, of_across), Fraction(down, of_down)))
    return found
