"""Probes many videos, and keeps of each no more than a few numbers."""

import array
import collections
import concurrent.futures
import contextlib
import itertools
import os
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from components.dataset.probe import VideoFacts, probe_video
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import Reason, VideoError

_PROBE_THREADS = 8
# Starting a process takes as long as reading this many headers.
_VIDEOS_A_PROCESS = 300
_VIDEOS_AT_ONCE = 1_000


class ProbedVideos:
    """What is known of the videos that were opened.

    Attributes:
        rows: of the videos that could be read, in the order in which they were given.
        digests: the SHA-256 of each, one after the other.
        sizes: of each in bytes.
        durations: of each in seconds, as its header declares it; 0 if it does not.
        rates: of each in frames per second; 0 if it is not declared.
        resolutions: number of videos by `WIDTHxHEIGHT`.
        codecs: number of videos by codec.
        refused: the rows of the videos that could not be read, by reason.
    """

    def __init__(self) -> None:
        self.rows = array.array("q")
        self.digests = bytearray()
        self.sizes = array.array("d")
        self.durations = array.array("d")
        self.rates = array.array("d")
        self.resolutions: collections.Counter[str] = collections.Counter()
        self.codecs: collections.Counter[str] = collections.Counter()
        self.refused: dict[str, list[int]] = collections.defaultdict(list)

    def __len__(self) -> int:
        """The number of videos that were tried."""
        return len(self.rows) + self.unreadable

    @property
    def unreadable(self) -> int:
        """The number of videos that could not be read."""
        return sum(map(len, self.refused.values()))

    @property
    def contents(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows as int64 [m], and the digests as uint8 [m, 32]."""
        return np.array(self.rows, np.int64), np.frombuffer(bytes(self.digests), np.uint8).reshape(-1, 32)

    def add(self, row: int, outcome: VideoFacts | Reason) -> None:
        """Takes what is known of one video, or why it could not be read."""
        if isinstance(outcome, Reason):
            self.refused[outcome.value].append(row)
            return
        self.rows.append(row)
        self.digests += bytes.fromhex(outcome.content_digest)
        self.sizes.append(outcome.size_bytes)
        self.durations.append(outcome.duration_s)
        self.rates.append(outcome.fps)
        self.resolutions[f"{outcome.width}x{outcome.height}"] += 1
        self.codecs[outcome.codec] += 1


def probe_videos(
    data_root: str, uris: pa.Array, rows: np.ndarray, progress: Callable[[int, int], None] = lambda done, total: None
) -> ProbedVideos:
    """Opens and hashes videos.

    Args:
        data_root: folder or bucket that the uris are relative to.
        uris: of the data set.
        rows: of the videos to open.
        progress: called with the number of videos opened and their total.
    """

    def probe(uri: str, decoder: IsolatedDecoder) -> VideoFacts | Reason:
        try:
            return probe_video(data_root, uri, decoder)
        except VideoError as error:
            return error.reason

    probed, done = ProbedVideos(), 0
    with contextlib.ExitStack() as stack:
        processes = min(os.cpu_count() or 1, 1 + len(rows) // _VIDEOS_A_PROCESS)
        decoders = [stack.enter_context(contextlib.closing(IsolatedDecoder())) for _ in range(processes)]
        # Threads suffice: hashing releases the GIL.
        executor = concurrent.futures.ThreadPoolExecutor(_PROBE_THREADS)
        stack.callback(executor.shutdown, cancel_futures=True)
        for start in range(0, len(rows), _VIDEOS_AT_ONCE):
            some = rows[start : start + _VIDEOS_AT_ONCE]
            outcomes = executor.map(probe, uris.take(pa.array(some)).to_pylist(), itertools.cycle(decoders))
            for row, outcome in zip(some.tolist(), outcomes, strict=True):
                probed.add(row, outcome)
                done += 1
                progress(done, len(rows))
    return probed
