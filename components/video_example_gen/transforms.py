"""The Beam transform that reads the headers of videos."""

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

from components.video_decoding.decoder import IsolatedDecoder


class Probe(beam.DoFn):
    """Makes what `make` does of each element, with a decoding process that reads headers, one for each worker."""

    def __init__(self, make: Callable[[Any, IsolatedDecoder], Any]) -> None:
        self._make = make
        self._decoder: IsolatedDecoder | None = None

    def setup(self) -> None:
        """The process starts with the first element."""
        self._decoder = IsolatedDecoder()

    def teardown(self) -> None:
        """Ends the process."""
        if self._decoder:
            self._decoder.close()

    def process(self, element: Any) -> Iterator[Any]:
        """Probes one video."""
        assert self._decoder is not None, "setup() makes it"
        yield self._make(element, self._decoder)
