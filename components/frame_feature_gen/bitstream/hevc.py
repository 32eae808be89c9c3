"""HEVC: which pictures are where, by their slices' headers (ITU-T H.265, sections 7.3 and 8.3.1)."""

import dataclasses

from components.frame_feature_gen.bitstream.bits import Bits
from components.frame_feature_gen.bitstream.picture import Picture, UnprovenError
from components.frame_feature_gen.bitstream.units import Framing, ParameterSets, listed_units

_VIDEO, _SEQUENCE, _PICTURE = 32, 33, 34
_IDR, _CRA = (19, 20), 21
_LEADING, _SKIPPED_LEADING = (6, 7, 8, 9), (8, 9)
_SLICES = (*range(10), *_IDR, _CRA)
# Delimiters, filling, messages, and what is reserved or another standard's: decoders pass over these.
_WITHOUT_CONSEQUENCE = (35, *range(38, 64))
_INTRA = 2
# More than a slice's header takes as far as it is read.
_HEADER_BYTES = 48


@dataclasses.dataclass(frozen=True)
class _PictureSet:
    sequence: int
    output_flag: bool
    further_bits: int


class HevcPictures:
    """Reads the pictures of one stream, packet by packet."""

    def __init__(self, header: bytes) -> None:
        """Takes the stream's header ("extradata").

        Raises:
            UnprovenError: if it gives no parameter sets, or such as are not read here.
        """
        self._sets = ParameterSets()
        self._order_bits: dict[int, int] = {}
        self._pictures: dict[int, _PictureSet] = {}
        self._framing, units = _read_header(header)
        for unit in units:
            kind, bits = unit[0] >> 1 & 63, Bits(unit[2:])
            if kind == _VIDEO:
                number = bits.read(4)
            elif kind == _SEQUENCE:
                number, self._order_bits[number] = _read_sequence(bits)
            elif kind == _PICTURE:
                number, self._pictures[number] = _read_picture(bits)
            else:
                continue
            self._sets.add(kind, number, unit)
        self._keyframes = 0
        self._order = 0

    def read(self, packet: bytes) -> Picture:
        """Reads the next packet in the order of decoding.

        Raises:
            UnprovenError: if it holds anything but one picture, of the one layer that there is, that is shown.
        """
        found = None
        for unit in self._framing.split(packet):
            if len(unit) < 3:
                raise UnprovenError("a unit ends early")
            kind = unit[0] >> 1 & 63
            if kind in _SLICES:
                if unit[0] & 1 or unit[1] != 1:
                    raise UnprovenError("the pictures are in layers")
                # The first bit says whether the slice is a picture's first.
                begins = unit[2] >= 0x80
                if begins == (found is not None):
                    raise UnprovenError("a packet holds other than one picture")
                found = found or unit
            elif kind in (_VIDEO, _SEQUENCE, _PICTURE):
                self._sets.require(unit)
            elif kind not in _WITHOUT_CONSEQUENCE:
                raise UnprovenError(f"a packet holds a unit of type {kind}")
        if found is None:
            raise UnprovenError("a packet holds no picture")
        return self._read_slice(found)

    def _read_slice(self, unit: bytes) -> Picture:
        kind, bits = unit[0] >> 1 & 63, Bits(unit[2:_HEADER_BYTES])
        bits.read(1)
        idr, starts = kind in _IDR, kind in _IDR or kind == _CRA
        if starts and bits.read(1) and self._keyframes:
            raise UnprovenError("pictures are thrown away")
        self._keyframes += starts
        if not self._keyframes or (self._keyframes == 1 and kind in _SKIPPED_LEADING):
            raise UnprovenError("the first pictures lean on others")
        picture = self._pictures.get(bits.golomb())
        order_bits = self._order_bits.get(picture.sequence) if picture else None
        if picture is None or order_bits is None:
            raise UnprovenError("a picture needs parameter sets that the header has not")
        bits.read(picture.further_bits)
        slice_kind = bits.golomb()
        if picture.output_flag and not bits.read(1):
            raise UnprovenError("a picture is not shown")
        order = 0 if idr else self._after_last(bits.read(order_bits), 1 << order_bits)
        # Pictures of even types, up to 14, are leant on by none.
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


def _read_header(header: bytes) -> tuple[Framing, list[bytes]]:
    if header[:1] != b"\1":
        framing = Framing(0)
        return framing, list(framing.split(header))
    if len(header) < 23:
        raise UnprovenError("the codec's description ends early")
    units: list[bytes] = []
    position = 23
    for _ in range(header[22]):
        count = int.from_bytes(header[position + 1 : position + 3], "big")
        some, position = listed_units(header, position + 3, count)
        units += some
    return Framing((header[21] & 3) + 1), units


def _read_sequence(bits: Bits) -> tuple[int, int]:
    bits.read(4)
    further_layers = bits.read(3)
    bits.read(1)
    bits.read(96)
    present = [(bits.read(1), bits.read(1)) for _ in range(further_layers)]
    if further_layers:
        bits.read(2 * (8 - further_layers))
    for profile, level in present:
        bits.read(88 * profile + 8 * level)
    number = bits.golomb()
    if bits.golomb() == 3 and bits.read(1):
        raise UnprovenError("planes are coded each by itself")
    bits.golomb()
    bits.golomb()
    if bits.read(1):
        for _ in range(4):
            bits.golomb()
    bits.golomb()
    bits.golomb()
    order_bits = bits.golomb() + 4
    if order_bits > 16:
        raise UnprovenError("a header holds numbers that none may")
    return number, order_bits


def _read_picture(bits: Bits) -> tuple[int, _PictureSet]:
    number, sequence = bits.golomb(), bits.golomb()
    bits.read(1)
    return number, _PictureSet(sequence, output_flag=bool(bits.read(1)), further_bits=bits.read(3))
