"""Decodes in a process of its own, so that a hang or a crash of a C library costs one video, not the worker."""

import dataclasses
import os
import subprocess
import sys
import threading
from multiprocessing.connection import Connection, Pipe

from components.frame_feature_gen.colors import Hdr
from components.frame_feature_gen.decode import Clip
from components.frame_feature_gen.faces.detectors import FaceDetection
from components.frame_feature_gen.sampling import Sampling
from components.quarantine import Reason, VideoError

# For the face detector that computes with TensorFlow: one thread as everywhere, and the GPU left to the encoder.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
_START_TIMEOUT_S = 300


@dataclasses.dataclass(frozen=True)
class DecodeRequest:
    """What the decoding process is asked for; `memory_bytes` is what it may take beyond what it started with."""

    path: str
    sampling: Sampling
    frames: int
    size: int
    memory_bytes: int
    hdr: Hdr = "as_sdr"


@dataclasses.dataclass(frozen=True)
class Refusal:
    """A `VideoError` as it travels between the processes."""

    reason: Reason
    detail: str


class IsolatedDecoder:
    """A decoding process that is used again for each video, and replaced when it hangs or crashes."""

    def __init__(
        self, *, timeout_s: float, memory_bytes: int, faces: FaceDetection | None = None, hdr: Hdr = "as_sdr"
    ) -> None:
        """Starts nothing yet.

        Args:
            timeout_s: seconds that one video may take.
            memory_bytes: what the process may take beyond what it started with.
            faces: how faces are found, where clips are cropped to them.
            hdr: what is done with HDR.
        """
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._faces = faces
        self._hdr = hdr
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def decode(self, path: str, *, sampling: Sampling, frames: int, size: int) -> Clip:
        """Decodes one local file, as `decode_clip` does; one at a time, whoever calls.

        Raises:
            VideoError: as `decode_clip`, and `timeout`, `crashed` or `too_large`.
        """
        with self._lock:
            answer = self._ask(DecodeRequest(path, sampling, frames, size, self._memory_bytes, self._hdr))
        if isinstance(answer, Refusal):
            raise VideoError(answer.reason, answer.detail)
        return answer

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._process and self._connection:
            self._connection.close()
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None

    def _ask(self, request: DecodeRequest) -> Clip | Refusal:
        try:
            connection = self._connected()
            connection.send(request)
            if not connection.poll(self._timeout_s):
                self.close()
                raise VideoError(Reason.TIMEOUT, f"decoding took longer than {self._timeout_s:g} s")
            return connection.recv()
        except (EOFError, OSError) as error:
            raise VideoError(Reason.CRASHED, f"the decoder ended {self._ending()}") from error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection, theirs = Pipe()
            command = [sys.executable, "-m", "components.frame_feature_gen.decoder_process", str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, **_ENVIRONMENT})
            theirs.close()
            self._connection.send(self._faces)
            # Loading a detector is no part of a video's time.
            if not self._connection.poll(_START_TIMEOUT_S):
                self.close()
                raise VideoError(Reason.TIMEOUT, f"the decoder did not start within {_START_TIMEOUT_S} s")
            self._connection.recv()
        return self._connection

    def _ending(self) -> str:
        assert self._process is not None, "there was a process to end"
        code = self._process.wait()
        self.close()
        return f"by signal {-code}" if code < 0 else f"with exit code {code}"
