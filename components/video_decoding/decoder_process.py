"""The decoding process, started by `decoder.py` with the file descriptor of its connection.

It does not import Beam, nor TensorFlow unless the face detector needs it, so that it starts in half a second and
stays small.
"""

import contextlib
import dataclasses
import functools
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import cv2
import numpy as np

from components.errors import UserError
from components.passing_trouble import Blame, blame_for
from components.video_decoding.alteration.alteration import Alteration
from components.video_decoding.altered_crop import Alter
from components.video_decoding.clip import DecodedVideo, Part
from components.video_decoding.decode import decode_windows
from components.video_decoding.decoder import DecodeRequest, Done, HeaderRequest, Refusal
from components.video_decoding.faces.detectors import FaceDetection
from components.video_decoding.faces.face import FaceSearch
from components.video_decoding.header import read_header
from components.video_errors import Reason, VideoError

# For 4:2:0 with ten bits.
_BYTES_A_PIXEL = 3
# H.264 and HEVC hold at most 16 reference frames; a few more are being decoded or output.
_FRAMES_HELD = 20


def main(descriptor: int) -> None:
    """Answers each request on the connection with a `VideoHeader` or parts of a video, and then `Done` or a `Refusal`.

    The first message received is the `FaceDetection`, or None, and the memory in bytes that a video may take beyond
    what the process started with; the reply is None when the process is ready, or why it cannot be.
    """
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    connection = Connection(descriptor)
    faces, memory_bytes = connection.recv()
    try:
        search = _load(faces)
    except (UserError, MemoryError, cv2.error) as error:
        connection.send(str(error) or type(error).__name__)
        return
    with open("/proc/self/statm") as file:
        started_with = int(file.read().split()[0]) * resource.getpagesize()
    connection.send(None)
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        with _limited_memory(started_with + memory_bytes):
            for answer in _answers(request, search, memory_bytes):
                connection.send(answer)


def _load(faces: FaceDetection | None) -> FaceSearch | None:
    if faces is None:
        return None
    search = faces.search()
    # The first detection allocates memory for good, which must not count towards the first video.
    search.detect(np.zeros((search.long_side, search.long_side, 3), np.uint8))
    return search


@contextlib.contextmanager
def _limited_memory(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    lower = [bound for bound in (limit, soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(lower), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _answers(request: HeaderRequest | DecodeRequest, faces: FaceSearch | None, memory_bytes: int) -> Iterator[object]:
    try:
        if isinstance(request, HeaderRequest):
            yield read_header(request.path)
        else:
            yield from _decode(request, faces, memory_bytes)
        yield Done()
    except VideoError as error:
        yield Refusal(error.reason, error.detail, blame_for(error))
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        detail = f"decoding takes more than {memory_bytes >> 20} MiB of memory"
        yield Refusal(Reason.TOO_LARGE, detail, Blame.UNCLEAR)


def _decode(request: DecodeRequest, faces: FaceSearch | None, memory_bytes: int) -> Iterator[Part]:
    altered = request.alteration
    choice = request.choice
    if altered:
        choice = dataclasses.replace(choice, frame_rate=altered.distortion.frame_rate)
    parts = decode_windows(
        request.path,
        choice,
        size=request.size,
        hdr=request.hdr,
        faces=faces,
        tracks=request.tracks,
        alter=_alter(altered),
    )
    try:
        for part in parts:
            if isinstance(part, DecodedVideo) and part.truncated and _may_lack_memory(request.path, memory_bytes):
                raise MemoryError
            yield part
    except VideoError as error:
        if error.reason is Reason.NO_FRAMES and _may_lack_memory(request.path, memory_bytes):
            raise MemoryError from error
        raise


def _alter(alteration: Alteration | None) -> Alter | None:
    if alteration is None:
        return None
    # Only now, since it loads what most decoders never need.
    from components.video_decoding.alteration.alter import alter

    return functools.partial(alter, alteration=alteration)


def _may_lack_memory(path: str, memory_bytes: int) -> bool:
    """Whether frames may have been lost for lack of memory, which FFmpeg's decoders report as damage to the video."""
    header = read_header(path)
    return header.width * header.height * _BYTES_A_PIXEL * _FRAMES_HELD > memory_bytes


def _end_with_parent(parent: int) -> None:
    # A decoder that hangs in a C library does not see its connection close.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
