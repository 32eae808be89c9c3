"""What is known about a picture before it is decoded."""

import dataclasses


class UnprovenError(Exception):
    """The packets do not prove which frames the decoder will output."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A packet that holds exactly one picture, which is shown.

    Attributes:
        order: its place in presentation order among the pictures since the last one that `restarts`.
        restarts: whether `order` restarts here, every earlier picture being shown before this one.
        starts: whether decoding can start here: no picture decoded and shown after it refers to an earlier one.
        key: whether it refers to no other picture.
    """

    order: int
    restarts: bool
    starts: bool
    key: bool
