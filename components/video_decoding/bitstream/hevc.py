"""HEVC: the order of pictures according to their slice headers (ITU-T H.265, sections 7.3 and 8.3.1)."""

from collections.abc import Sequence
from typing import Final

from components.video_decoding.bitstream.bits import Bits
from components.video_decoding.bitstream.hevc_headers import (
    PictureSet,
    SequenceSet,
    read_header,
    read_picture_set,
    read_references,
    read_sequence_set,
)
from components.video_decoding.bitstream.picture import Picture, UnprovenError
from components.video_decoding.bitstream.units import ParameterSets

_VIDEO, _SEQUENCE, _PICTURE = 32, 33, 34
_IDR, _CRA = (19, 20), 21
_LEADING, _SKIPPED_LEADING = (6, 7, 8, 9), (8, 9)
_SLICES = (*range(10), *_IDR, _CRA)
# Delimiters, filler data, SEI messages, and reserved or unspecified types: decoders ignore these.
_WITHOUT_CONSEQUENCE = (35, *range(38, 64))
_INTRA = 2
# More than the part of a slice header that is read here.
_HEADER_BYTES = 96
_SET_READERS: Final = {
    # Only its id is needed, to check that it does not change.
    _VIDEO: lambda unit: (Bits(unit[2:]).read(4), None),
    _SEQUENCE: lambda unit: read_sequence_set(Bits(unit[2:])),
    _PICTURE: lambda unit: read_picture_set(Bits(unit[2:])),
}


class HevcPictures:
    """Reads the picture headers of one stream, packet by packet."""

    def __init__(self, header: bytes) -> None:
        """Reads the stream's header ("extradata").

        Raises:
            UnprovenError: if a parameter set in it is malformed or uses a feature not supported here.
        """
        self._framing, units = read_header(header)
        self._sets = ParameterSets(units, _kind_of, _SET_READERS)
        self._keyframes = 0
        self._order = 0
        # The reference pictures that the decoder holds, by their order.
        self._held: set[int] = set()

    def read(self, packet: bytes) -> Picture:
        """Reads the next packet in decoding order.

        Raises:
            UnprovenError: if it holds anything but one picture, shown and in the base layer.
        """
        found = None
        for unit in self._framing.split(packet):
            if len(unit) < 3:
                raise UnprovenError("a unit ends early")
            kind = _kind_of(unit)
            if kind in _SLICES:
                if unit[0] & 1 or unit[1] != 1:
                    raise UnprovenError("the pictures are in layers")
                # The first bit is set in the first slice of a picture.
                begins = unit[2] >= 0x80
                if begins == (found is not None):
                    raise UnprovenError("a packet holds other than one picture")
                found = found or unit
            elif kind in _SET_READERS:
                self._sets.require(unit)
            elif kind not in _WITHOUT_CONSEQUENCE:
                raise UnprovenError(f"a packet holds a unit of type {kind}")
        if found is None:
            raise UnprovenError("a packet holds no picture")
        return self._read_slice(found)

    def _read_slice(self, unit: bytes) -> Picture:
        kind, bits = _kind_of(unit), Bits(unit[2:_HEADER_BYTES])
        bits.read(1)
        idr, starts = kind in _IDR, kind in _IDR or kind == _CRA
        if starts and bits.read(1) and self._keyframes:
            raise UnprovenError("pictures are thrown away")
        self._keyframes += starts
        if not self._keyframes or (self._keyframes == 1 and kind in _SKIPPED_LEADING):
            raise UnprovenError("the first pictures lean on others")
        picture: PictureSet = self._sets.get(_PICTURE, bits.golomb())
        sequence: SequenceSet = self._sets.get(_SEQUENCE, picture.sequence)
        bits.read(picture.further_bits)
        slice_kind = bits.golomb()
        if picture.output_flag and not bits.read(1):
            raise UnprovenError("a picture is not shown")
        order, references = 0, set[int]()
        if not idr:
            order = self._after_last(bits.read(sequence.order_bits), 1 << sequence.order_bits)
            references = {order + delta for delta in _read_references(bits, sequence)}
        if not references <= self._held:
            raise UnprovenError("pictures are missing")
        self._held = references | {order}
        # Even types up to 14 are sub-layer non-reference pictures.
        if starts or (kind not in _LEADING and kind % 2):
            self._order = order
        return Picture(order=order, restarts=idr, starts=starts, key=starts and slice_kind == _INTRA)

    def _after_last(self, low: int, cycle: int) -> int:
        before = self._order % cycle
        high = self._order - before
        if low < before and before - low >= cycle // 2:
            high += cycle
        elif low > before and low - before > cycle // 2:
            high -= cycle
        return high + low


def _kind_of(unit: bytes) -> int:
    return unit[0] >> 1 & 63


def _read_references(bits: Bits, sequence: SequenceSet) -> Sequence[int]:
    known = sequence.references
    if not bits.read(1):
        return read_references(bits, known, from_slice=True, first=not known)
    index = bits.read((len(known) - 1).bit_length()) if len(known) > 1 else 0
    if index >= len(known):
        raise UnprovenError("a header names a list that is not there")
    return known[index]
