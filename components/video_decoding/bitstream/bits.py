"""Reads the numbers in H.264 and HEVC headers."""

from components.video_decoding.bitstream.picture import UnprovenError

_MAX_BITS = 32


class Bits:
    """Reads the bits of a NAL unit in order."""

    def __init__(self, unit: bytes) -> None:
        """Removes the emulation prevention bytes, which keep a start code from occurring within the unit."""
        payload = unit.replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(payload, "big")
        self._left = 8 * len(payload)

    def read(self, count: int) -> int:
        """Returns the next `count` bits as an unsigned number.

        Raises:
            UnprovenError: if fewer bits are left.
        """
        self._left -= count
        if self._left < 0:
            raise UnprovenError("a header ends early")
        return self._value >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        """Returns the next unsigned Exp-Golomb number, `ue(v)` in the standards."""
        zeros = self._left - (self._value & ((1 << self._left) - 1)).bit_length()
        if zeros > _MAX_BITS:
            raise UnprovenError("a header holds no number")
        self._left -= zeros
        return self.read(zeros + 1) - 1

    def signed_golomb(self) -> int:
        """Returns the next signed Exp-Golomb number, `se(v)` in the standards."""
        code = self.golomb()
        return (code + 1) // 2 if code % 2 else -(code // 2)
