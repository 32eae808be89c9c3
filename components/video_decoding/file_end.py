"""Detects truncated files by the sizes that their containers declare."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from components.regular_files import open_regular_file

_BOXES = (b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"free", b"skip", b"wide", b"uuid", b"meta")
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_HEADER_BYTES = 1 << 16


def ends_early(path: str) -> bool:
    """Returns whether an MP4, AVI, Matroska or ASF file is shorter than it declares; other formats declare no size."""
    size = os.path.getsize(path)
    with open_regular_file(path) as file:
        return any(end > size for end in _ends(file, size))


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yields the kind, the start of the content and the end of each box of an MP4 file between two positions."""
    while start + 8 <= end:
        file.seek(start)
        header = file.read(16)
        length, content = int.from_bytes(header[:4], "big"), start + 8
        if length == 1:
            length, content = int.from_bytes(header[8:], "big"), start + 16
        elif length == 0:
            length = end - start
        if start + length < content:
            return
        yield header[4:8], content, start + length
        start += length


def _ends(file: BinaryIO, size: int) -> Iterator[int]:
    """Yields the ends of the file's parts as it declares them."""
    magic = file.read(16)
    if magic[4:8] in _BOXES:
        for kind, _, end in boxes(file, 0, size):
            # Trailing bytes are not part of the file.
            if kind not in _BOXES:
                return
            yield end
    elif magic[:4] == b"RIFF":
        yield from _riff_ends(file, size)
    elif magic[:4] == _EBML:
        yield from _matroska_ends(file, size)
    elif magic == _ASF:
        file.seek(0)
        header = file.read(_HEADER_BYTES)
        at = header.find(_ASF_FILE_PROPERTIES)
        if at >= 0:
            yield int.from_bytes(header[at + 40 : at + 48], "little")


def _riff_ends(file: BinaryIO, size: int) -> Iterator[int]:
    start = 0
    while start + 8 <= size:
        file.seek(start)
        header = file.read(8)
        length = int.from_bytes(header[4:], "little")
        # A writer that was interrupted left no size.
        if header[:4] != b"RIFF" or length in (0, 0xFFFFFFFF):
            return
        yield start + 8 + length
        start += 8 + length + length % 2


def _matroska_ends(file: BinaryIO, size: int) -> Iterator[int]:
    start = 0
    while start + 2 <= size:
        file.seek(start)
        header = file.read(12)
        id_bytes = _leading_zeros(header[0]) + 1
        size_bytes = _leading_zeros(header[id_bytes]) + 1 if id_bytes < len(header) else 9
        if id_bytes > 4 or size_bytes > 8:
            return
        content = start + id_bytes + size_bytes
        unknown = (1 << 7 * size_bytes) - 1
        length = int.from_bytes(header[id_bytes : id_bytes + size_bytes], "big") & unknown
        is_segment = header[:id_bytes] == _SEGMENT
        if length != unknown:
            yield content + length
        elif not is_segment:
            return
        start = content if is_segment else content + length


def _leading_zeros(byte: int) -> int:
    return 8 - byte.bit_length()
