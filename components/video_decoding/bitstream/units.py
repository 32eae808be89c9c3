"""Splits H.264 and HEVC packets into NAL units."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from components.video_decoding.bitstream.picture import UnprovenError

_START = b"\0\0\1"


@dataclasses.dataclass(frozen=True)
class Framing:
    """How units are separated: each follows its length, in `length_bytes` bytes, or a start code if that is 0."""

    length_bytes: int

    def split(self, packet: bytes) -> Iterator[bytes]:
        """Yields the units of a packet, none of them empty.

        Raises:
            UnprovenError: if they do not fill the packet.
        """
        return _by_length(packet, self.length_bytes) if self.length_bytes else _by_start_code(packet)


def _by_length(packet: bytes, length_bytes: int) -> Iterator[bytes]:
    position = 0
    while position < len(packet):
        start = position + length_bytes
        position = start + int.from_bytes(packet[position:start], "big")
        if not start < position <= len(packet):
            raise UnprovenError("a unit is longer than its packet")
        yield packet[start:position]


def _by_start_code(packet: bytes) -> Iterator[bytes]:
    before, *units = packet.split(_START)
    if before.strip(b"\0"):
        raise UnprovenError("a packet does not begin with a unit")
    for unit in units:
        # The zeros belong to the next start code.
        if stripped := unit.rstrip(b"\0"):
            yield stripped


def listed_units(description: bytes, position: int, count: int) -> tuple[list[bytes], int]:
    """Returns `count` units, each preceded by its length in two bytes, and the position of their end."""
    units = []
    for _ in range(count):
        start = position + 2
        position = start + int.from_bytes(description[position:start], "big")
        if not start < position <= len(description):
            raise UnprovenError("the codec's description ends early")
        units.append(description[start:position])
    return units, position


class ParameterSets:
    """The parameter sets in the file's header; packets may repeat them, but not add others."""

    def __init__(
        self,
        units: Iterable[bytes],
        kind_of: Callable[[bytes], int],
        readers: Mapping[int, Callable[[bytes], tuple[int, Any]]],
    ) -> None:
        """Reads the parameter sets among the header's units.

        Args:
            units: the header's units.
            kind_of: returns the type of a unit.
            readers: by unit type, returns a set's id and its content.

        Raises:
            UnprovenError: if one set replaces another, or as `readers`.
        """
        self._units: dict[tuple[int, int], bytes] = {}
        self._known: dict[tuple[int, int], Any] = {}
        for unit in units:
            kind = kind_of(unit)
            if kind in readers:
                number, known = readers[kind](unit)
                self._known[kind, number] = known
                if self._units.setdefault((kind, number), unit.rstrip(b"\0")) != unit.rstrip(b"\0"):
                    raise UnprovenError("the header gives a parameter set twice")

    def get(self, kind: int, number: int) -> Any:
        """Returns the content of a set.

        Raises:
            UnprovenError: if the header has no such set.
        """
        if (kind, number) not in self._known:
            raise UnprovenError("a picture needs parameter sets that the header has not")
        return self._known[kind, number]

    def require(self, unit: bytes) -> None:
        """Checks a parameter set found in a packet.

        Raises:
            UnprovenError: if the header does not have it, since later packets could then not be decoded without it.
        """
        if unit.rstrip(b"\0") not in self._units.values():
            raise UnprovenError("a packet brings parameter sets that the header has not")
