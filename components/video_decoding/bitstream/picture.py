"""What is known of a picture before it is decoded."""

import dataclasses


class UnprovenError(Exception):
    """The packets do not prove what the decoder will make of them."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A packet that holds one picture, and shows it.

    Attributes:
        order: where it is shown among the pictures since the last that `restarts`.
        restarts: whether all pictures before it are shown before it, and it counts anew.
        starts: whether decoding can start with it: what follows it and is shown after it leans on nothing before it.
        key: whether it leans on no other picture.
    """

    order: int
    restarts: bool
    starts: bool
    key: bool
