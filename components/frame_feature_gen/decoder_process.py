"""The process that decodes: `python -m components.frame_feature_gen.decoder_process FD`, started by `decoder.py`.

It imports neither Beam nor, but for a face detector that computes with it, TensorFlow, so that it starts in half a
second and stays small.
"""

import os
import resource
import sys
import threading
import time
from multiprocessing.connection import Connection

import cv2
import numpy as np

from components.frame_feature_gen.decode import decode_clip
from components.frame_feature_gen.decoder import DecodeRequest, Refusal
from components.frame_feature_gen.faces.detectors import FaceDetection
from components.frame_feature_gen.faces.face import Detect
from components.quarantine import Reason, VideoError


def main(descriptor: int) -> None:
    """Answers each `DecodeRequest` that comes over the connection with a `Clip` or a `Refusal`.

    Before the first it is told by which `FaceDetection` faces are found, or None, and says when it is ready.
    """
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    connection = Connection(descriptor)
    detect = _load(connection.recv())
    with open("/proc/self/statm") as file:
        started_with = int(file.read().split()[0]) * resource.getpagesize()
    connection.send(None)
    while True:
        try:
            request: DecodeRequest = connection.recv()
        except EOFError:
            return
        resource.setrlimit(resource.RLIMIT_AS, (started_with + request.memory_bytes, resource.RLIM_INFINITY))
        answer = _answer(request, detect)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        connection.send(answer)


def _load(faces: FaceDetection | None) -> Detect | None:
    if faces is None:
        return None
    detect = faces.load()
    # What the first detection allocates for good is not the first video's.
    detect(np.zeros((640, 640, 3), np.uint8))
    return detect


def _answer(request: DecodeRequest, detect: Detect | None) -> object:
    try:
        return decode_clip(
            request.path,
            sampling=request.sampling,
            frames=request.frames,
            size=request.size,
            detect=detect,
            hdr=request.hdr,
        )
    except VideoError as error:
        return Refusal(error.reason, error.detail)
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        return Refusal(Reason.TOO_LARGE, f"decoding takes more than {request.memory_bytes >> 20} MiB of memory")


def _end_with_parent(parent: int) -> None:
    # A decoder that hangs in a C library does not see its connection close.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
