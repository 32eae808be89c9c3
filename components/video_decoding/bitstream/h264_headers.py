"""The parts of H.264 parameter sets and SEI messages that determine picture order (ITU-T H.264, section 7.3.2)."""

import dataclasses

from components.video_decoding.bitstream.bits import Bits
from components.video_decoding.bitstream.picture import UnprovenError
from components.video_decoding.bitstream.units import Framing, listed_units

_RECOVERY_POINT = 6
_WITH_CHROMA_FORMAT = (44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244)
_MAX_BITS_READ = 16


@dataclasses.dataclass(frozen=True)
class SequenceSet:
    """The fields of a sequence parameter set that slice headers depend on.

    `order_bits` is 0 if pictures are shown in decoding order.
    """

    frame_number_bits: int
    order_bits: int
    frames_only: bool


@dataclasses.dataclass(frozen=True)
class PictureSet:
    """The fields of a picture parameter set that slice headers depend on."""

    sequence: int
    order_of_bottom: bool
    redundant: bool


def is_recovery_point(unit: bytes) -> bool:
    """Whether an SEI unit declares that every picture shown from its own on is exact."""
    payload, position = unit[1:].replace(b"\0\0\3", b"\0\0"), 0
    while position + 2 < len(payload):
        kind, position = _message_number(payload, position)
        length, position = _message_number(payload, position)
        if kind == _RECOVERY_POINT:
            bits = Bits(payload[position : position + length])
            return bits.golomb() == 0 and bits.read(1) == 1
        position += length
    return False


def _message_number(payload: bytes, position: int) -> tuple[int, int]:
    number = 0
    while payload[position : position + 1] == b"\xff":
        number, position = number + 255, position + 1
    return number + int.from_bytes(payload[position : position + 1], "big"), position + 1


def read_header(header: bytes) -> tuple[Framing, list[bytes]]:
    """Returns the framing of the units in packets, and the units of the stream's header."""
    if header[:1] != b"\1":
        framing = Framing(0)
        return framing, list(framing.split(header))
    if len(header) < 7:
        raise UnprovenError("the codec's description ends early")
    sequences, position = listed_units(header, 6, header[5] & 31)
    pictures, _ = listed_units(header, position + 1, header[position] if position < len(header) else 0)
    return Framing((header[4] & 3) + 1), sequences + pictures


def read_sequence_set(bits: Bits) -> tuple[int, SequenceSet]:
    """Returns the id of a sequence parameter set, and the set."""
    profile = bits.read(8)
    bits.read(16)
    number = bits.golomb()
    if profile in _WITH_CHROMA_FORMAT:
        chroma = bits.golomb()
        if chroma == 3 and bits.read(1):
            raise UnprovenError("planes are coded each by itself")
        bits.golomb()
        bits.golomb()
        bits.read(1)
        if bits.read(1):
            for index in range(12 if chroma == 3 else 8):
                if bits.read(1):
                    _skip_scaling_list(bits, 16 if index < 6 else 64)
    frame_number_bits = bits.golomb() + 4
    kind = bits.golomb()
    if kind not in (0, 2):
        raise UnprovenError("the order is told in a way that is not read here")
    order_bits = 0 if kind else bits.golomb() + 4
    if max(frame_number_bits, order_bits) > _MAX_BITS_READ:
        raise UnprovenError("a header holds numbers that none may")
    bits.golomb()
    bits.read(1)
    bits.golomb()
    bits.golomb()
    return number, SequenceSet(frame_number_bits, order_bits, frames_only=bool(bits.read(1)))


def _skip_scaling_list(bits: Bits, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed_golomb()) % 256
        last = following or last


def read_picture_set(bits: Bits) -> tuple[int, PictureSet]:
    """Returns the id of a picture parameter set, and the set."""
    number, sequence = bits.golomb(), bits.golomb()
    bits.read(1)
    order_of_bottom = bool(bits.read(1))
    if bits.golomb():
        raise UnprovenError("slices are grouped")
    bits.golomb()
    bits.golomb()
    bits.read(3)
    for _ in range(3):
        bits.signed_golomb()
    bits.read(2)
    return number, PictureSet(sequence, order_of_bottom, redundant=bool(bits.read(1)))
