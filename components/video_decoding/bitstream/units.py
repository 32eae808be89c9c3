"""Splits packets of H.264 and HEVC into their units."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from components.video_decoding.bitstream.picture import UnprovenError

_START = b"\0\0\1"


@dataclasses.dataclass(frozen=True)
class Framing:
    """How units are told apart: each follows its length, of so many bytes, or, where that is 0, a start code."""

    length_bytes: int

    def split(self, packet: bytes) -> Iterator[bytes]:
        """Gives the units of a packet, none of them empty.

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
    """Gives `count` units, each after its length of two bytes, and where they end in a file's codec description."""
    units = []
    for _ in range(count):
        start = position + 2
        position = start + int.from_bytes(description[position:start], "big")
        if not start < position <= len(description):
            raise UnprovenError("the codec's description ends early")
        units.append(description[start:position])
    return units, position


class ParameterSets:
    """The parameter sets that the file's header gives; packets may repeat them, but bring no others."""

    def __init__(
        self,
        units: Iterable[bytes],
        kind_of: Callable[[bytes], int],
        readers: Mapping[int, Callable[[bytes], tuple[int, Any]]],
    ) -> None:
        """Reads the sets among the header's units.

        Args:
            units: of the header.
            kind_of: gives the kind of a unit.
            readers: by kind, gives a set's number and what is known by it.

        Raises:
            UnprovenError: if one replaces another, or as `readers`.
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
        """Gives what is known by a set.

        Raises:
            UnprovenError: if the header has no such set.
        """
        if (kind, number) not in self._known:
            raise UnprovenError("a picture needs parameter sets that the header has not")
        return self._known[kind, number]

    def require(self, unit: bytes) -> None:
        """Checks one that a packet brings.

        Raises:
            UnprovenError: if it is not one of the header's: what follows is decoded by it, and cannot be without it.
        """
        if unit.rstrip(b"\0") not in self._units.values():
            raise UnprovenError("a packet brings parameter sets that the header has not")
