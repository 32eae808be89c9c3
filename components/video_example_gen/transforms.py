"""The Beam transform that probes videos."""

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

from components.video_decoding.decoder import IsolatedDecoder


class Probe(beam.DoFn):
    """Maps each element by `make`, to which it passes a decoding process for reading headers, one per worker."""

    def __init__(self, make: Callable[[Any, IsolatedDecoder], Any]) -> None:
        self._make = make
        self._decoder: IsolatedDecoder | None = None

    def setup(self) -> None:
        """Creates the decoder, whose process starts with the first element."""
        self._decoder = IsolatedDecoder()

    def teardown(self) -> None:
        """Ends the process."""
        if self._decoder:
            self._decoder.close()

    def process(self, element: Any) -> Iterator[Any]:
        """Yields the result of `make` for one element."""
        assert self._decoder is not None, "setup() makes it"
        yield self._make(element, self._decoder)
