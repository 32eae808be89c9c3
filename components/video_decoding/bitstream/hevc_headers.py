"""The parts of HEVC parameter sets that determine picture order (ITU-T H.265, sections 7.3.2 and 7.3.7)."""

import dataclasses
from collections.abc import Sequence

from components.video_decoding.bitstream.bits import Bits
from components.video_decoding.bitstream.picture import UnprovenError
from components.video_decoding.bitstream.units import Framing, listed_units

_MAX_ORDER_BITS, _MAX_SETS, _MAX_REFERENCES = 16, 64, 16


@dataclasses.dataclass(frozen=True)
class SequenceSet:
    """The fields of a sequence parameter set that slice headers depend on, with its reference picture sets."""

    order_bits: int
    references: Sequence[Sequence[int]]


@dataclasses.dataclass(frozen=True)
class PictureSet:
    """The fields of a picture parameter set that slice headers depend on."""

    sequence: int
    output_flag: bool
    further_bits: int


def read_header(header: bytes) -> tuple[Framing, list[bytes]]:
    """Returns the framing of the units in packets, and the units of the stream's header."""
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


def read_sequence_set(bits: Bits) -> tuple[int, SequenceSet]:
    """Returns the id of a sequence parameter set, and the set."""
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
    _skip(bits, 2)
    if bits.read(1):
        _skip(bits, 4)
    _skip(bits, 2)
    order_bits = bits.golomb() + 4
    if order_bits > _MAX_ORDER_BITS:
        raise UnprovenError("a header holds numbers that none may")
    _skip(bits, 3 * (1 + further_layers if bits.read(1) else 1) + 6)
    if bits.read(1) and bits.read(1):
        _skip_scaling_lists(bits)
    bits.read(2)
    if bits.read(1):
        bits.read(8)
        _skip(bits, 2)
        bits.read(1)
    count = bits.golomb()
    if count > _MAX_SETS:
        raise UnprovenError("a header holds numbers that none may")
    references: list[list[int]] = []
    for index in range(count):
        references.append(read_references(bits, references, from_slice=False, first=index == 0))
    if bits.read(1):
        raise UnprovenError("pictures lean on some of long ago")
    return number, SequenceSet(order_bits, references)


def read_picture_set(bits: Bits) -> tuple[int, PictureSet]:
    """Returns the id of a picture parameter set, and the set."""
    number, sequence = bits.golomb(), bits.golomb()
    bits.read(1)
    return number, PictureSet(sequence, output_flag=bool(bits.read(1)), further_bits=bits.read(3))


def read_references(bits: Bits, known: Sequence[Sequence[int]], *, from_slice: bool, first: bool) -> list[int]:
    """Returns a reference picture set: the pictures to hold, as differences in picture order.

    Args:
        bits: positioned at the set.
        known: the sets read so far, from one of which this one may be predicted.
        from_slice: whether the set is in a slice header.
        first: whether it is the first set, which cannot be predicted.
    """
    if first or not bits.read(1):
        counts = bits.golomb(), bits.golomb()
        if max(counts) > _MAX_REFERENCES:
            raise UnprovenError("a header holds numbers that none may")
        return _steps(bits, counts[0], -1) + _steps(bits, counts[1], 1)
    back = bits.golomb() + 1 if from_slice else 1
    later, distance = bits.read(1), bits.golomb() + 1
    shift = -distance if later else distance
    if back > len(known):
        raise UnprovenError("a header names a list that is not there")
    moved = [delta + shift for delta in (*known[-back], 0) if bits.read(1) or bits.read(1)]
    return sorted((delta for delta in moved if delta < 0), reverse=True) + sorted(delta for delta in moved if delta > 0)


def _steps(bits: Bits, count: int, sign: int) -> list[int]:
    deltas, delta = [], 0
    for _ in range(count):
        delta += sign * (bits.golomb() + 1)
        bits.read(1)
        deltas.append(delta)
    return deltas


def _skip(bits: Bits, count: int) -> None:
    for _ in range(count):
        bits.golomb()


def _skip_scaling_lists(bits: Bits) -> None:
    for size in range(4):
        for _ in range(2 if size == 3 else 6):
            if bits.read(1):
                _skip(bits, (size > 1) + min(64, 16 << 2 * size))
            else:
                _skip(bits, 1)
