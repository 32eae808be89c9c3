"""H.264: the order of pictures according to their slice headers (ITU-T H.264, sections 7.3 and 8.2.1)."""

from typing import Final

from components.video_decoding.bitstream.bits import Bits
from components.video_decoding.bitstream.h264_headers import (
    PictureSet,
    SequenceSet,
    is_recovery_point,
    read_header,
    read_picture_set,
    read_sequence_set,
)
from components.video_decoding.bitstream.picture import Picture, UnprovenError
from components.video_decoding.bitstream.units import ParameterSets

_SLICE, _IDR_SLICE, _MESSAGES, _SEQUENCE, _PICTURE = 1, 5, 6, 7, 8
# Delimiters, filler data, and units that single-view decoders ignore.
_WITHOUT_CONSEQUENCE = (9, 12, 14, 15, 19, 20)
_INTRA = (2, 7)
# More than the part of a slice header that is read here.
_HEADER_BYTES = 48
_SET_READERS: Final = {
    _SEQUENCE: lambda unit: read_sequence_set(Bits(unit[1:])),
    _PICTURE: lambda unit: read_picture_set(Bits(unit[1:])),
}


class H264Pictures:
    """Reads the picture headers of one stream, packet by packet."""

    def __init__(self, header: bytes) -> None:
        """Reads the stream's header ("extradata").

        Raises:
            UnprovenError: if a parameter set in it is malformed or uses a feature not supported here.
        """
        self._framing, units = read_header(header)
        self._sets = ParameterSets(units, _kind_of, _SET_READERS)
        self._started = False
        self._frame_number = 0
        self._high = self._low = self._count = 0

    def read(self, packet: bytes) -> Picture:
        """Reads the next packet in decoding order.

        Raises:
            UnprovenError: if it holds anything but one whole frame that directly follows the previous one.
        """
        found, messages = None, []
        for unit in self._framing.split(packet):
            kind = _kind_of(unit)
            if kind in (_SLICE, _IDR_SLICE):
                # The first bit is set in the first slice of a picture.
                begins = len(unit) > 1 and unit[1] >= 0x80
                if begins == (found is not None):
                    raise UnprovenError("a packet holds other than one picture")
                found = found or unit
            elif kind == _MESSAGES:
                messages.append(unit)
            elif kind in _SET_READERS:
                self._sets.require(unit)
            elif kind not in _WITHOUT_CONSEQUENCE:
                raise UnprovenError(f"a packet holds a unit of type {kind}")
        if found is None:
            raise UnprovenError("a packet holds no picture")
        return self._read_slice(found, messages)

    def _read_slice(self, unit: bytes, messages: list[bytes]) -> Picture:
        idr, reference = _kind_of(unit) == _IDR_SLICE, bool(unit[0] & 0x60)
        bits = Bits(unit[1:_HEADER_BYTES])
        bits.golomb()
        kind = bits.golomb()
        picture: PictureSet = self._sets.get(_PICTURE, bits.golomb())
        sequence: SequenceSet = self._sets.get(_SEQUENCE, picture.sequence)
        self._follow(bits.read(sequence.frame_number_bits), sequence, idr=idr, reference=reference)
        if not sequence.frames_only and bits.read(1):
            raise UnprovenError("a packet holds a single field")
        if idr:
            bits.golomb()
        order = self._order(bits, sequence, picture, idr=idr, reference=reference)
        if idr:
            if picture.redundant:
                bits.golomb()
            # no_output_of_prior_pics_flag: the decoder may drop earlier pictures that it has not output yet.
            if bits.read(1) and self._started:
                raise UnprovenError("pictures are thrown away")
        elif not self._started:
            raise UnprovenError("the first picture leans on others")
        self._started = True
        key = kind in _INTRA
        starts = idr or (key and any(is_recovery_point(unit) for unit in messages))
        return Picture(order=order, restarts=idr, starts=starts, key=key)

    def _follow(self, number: int, sequence: SequenceSet, *, idr: bool, reference: bool) -> None:
        # A missing picture leaves a gap in the frame numbers; an IDR picture restarts them.
        expected = 0 if idr else (self._frame_number + 1) % (1 << sequence.frame_number_bits)
        if number != expected:
            raise UnprovenError("pictures are missing")
        if reference:
            self._frame_number = number
        elif idr:
            raise UnprovenError("a keyframe that none leans on")

    def _order(self, bits: Bits, sequence: SequenceSet, picture: PictureSet, *, idr: bool, reference: bool) -> int:
        self._count = 0 if idr else self._count + 1
        if not sequence.order_bits:
            return self._count
        if idr:
            self._high = self._low = 0
        low, cycle = bits.read(sequence.order_bits), 1 << sequence.order_bits
        high = self._high
        if low < self._low and self._low - low >= cycle // 2:
            high += cycle
        elif low > self._low and low - self._low > cycle // 2:
            high -= cycle
        if reference:
            self._high, self._low = high, low
        below = bits.signed_golomb() if picture.order_of_bottom else 0
        return high + low + min(0, below)


def _kind_of(unit: bytes) -> int:
    return unit[0] & 31
