"""The place of a group in a fixed range, by a hash of its name."""

import hashlib
from typing import Final

import numpy as np
import pyarrow as pa

_TENTH: Final = 2**56
_RANGE: Final = 10 * _TENTH


def hash_positions(names: pa.Array) -> np.ndarray:
    """Returns int64 [groups] in [0, 10 * 2^56): the tenth by the last digit of the name's hash, the rest by the others.

    The hash is TFX's, so ratios that add up to ten divide the range as TFX's ExampleGen divides the groups.
    """
    positions = np.empty(len(names), np.int64)
    for index, name in enumerate(names):
        rest, digit = divmod(_hash(name.as_py()), 10)
        positions[index] = digit * _TENTH + rest % _TENTH
    return positions


def place_by_hash(names: pa.Array, sizes: tuple[int, int, int]) -> np.ndarray:
    """Returns int8 [groups]: 0 for train at the start of the range, 1 for eval, 2 for test at its end.

    Other sizes never bring a group from train into test if train's former share and test's new one are at most the
    whole.

    Args:
        names: of the groups.
        sizes: proportions of train, eval and test.
    """
    total = sum(sizes)
    # Rounded up, so that an integer lies before the bound if and only if it lies before the exact fraction.
    bounds = [-(-_RANGE * parts // total) for parts in (sizes[0], sizes[0] + sizes[1])]
    return np.searchsorted(np.array(bounds), hash_positions(names), side="right").astype(np.int8)


def _hash(name: str) -> int:
    # What TFX hashes is a tf.train.Feature, as protobuf writes it: a list of bytes in its first field.
    return int.from_bytes(hashlib.sha256(_first_field(_first_field(name.encode()))).digest(), "big")


def _first_field(content: bytes) -> bytes:
    """Returns the message whose first field, of a variable length, is `content`."""
    length = len(content)
    varint = bytearray()
    while length > 0x7F:
        varint.append(length & 0x7F | 0x80)
        length >>= 7
    return b"\x0a" + bytes([*varint, length]) + content
