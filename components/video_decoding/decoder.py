"""Decodes in a separate process, so that a hang or crash in a C library costs one video, not the worker."""

import contextlib
import dataclasses
import os
import subprocess
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from typing import Any

from components.isolated_process import isolated_command
from components.passing_trouble import Blame, BlamedError, was_killed
from components.video_decoding.alteration.alteration import Alteration
from components.video_decoding.clip import Clip, Part, only_clip
from components.video_decoding.colors import Hdr
from components.video_decoding.decoding_limits import MEMORY_MB, TIMEOUT_S
from components.video_decoding.faces.detectors import FaceDetection
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.frame_choice import FrameChoice
from components.video_decoding.header import VideoHeader
from components.video_decoding.sampling import Sampling
from components.video_errors import Reason, VideoError

# For the face detector that runs on TensorFlow: one thread as everywhere, and the GPU left to the encoder.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
_PROCESS = "components.video_decoding.decoder_process"
_START_TIMEOUT_S = 300


@dataclasses.dataclass(frozen=True)
class HeaderRequest:
    """Asks the decoding process for a file's `VideoHeader`."""

    path: str


@dataclasses.dataclass(frozen=True)
class DecodeRequest:
    """Asks the decoding process for the parts that `decode_windows` yields."""

    path: str
    choice: FrameChoice
    size: int
    hdr: Hdr
    tracks: TrackChoice | None
    alteration: Alteration | None


@dataclasses.dataclass(frozen=True)
class Done:
    """Says that a request has been answered."""


@dataclasses.dataclass(frozen=True)
class Refusal:
    """A `VideoError` as it travels between the processes."""

    reason: Reason
    detail: str
    blame: Blame


class IsolatedDecoder:
    """A decoding process that is reused for every video, and replaced when it hangs or crashes."""

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int = MEMORY_MB << 20,
        faces: FaceDetection | None = None,
    ) -> None:
        """Does not start the process yet.

        Args:
            timeout_s: time limit for one window of a video, in seconds.
            memory_bytes: address space that the process may use beyond what it started with.
            faces: how faces are detected; None to crop to the centre.
        """
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._faces = faces
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._stopped: subprocess.Popen[bytes] | None = None

    def decode(
        self,
        path: str,
        *,
        sampling: Sampling,
        frames: int,
        size: int,
        hdr: Hdr = "as_sdr",
        alteration: Alteration | None = None,
    ) -> Clip:
        """Decodes one local file, as `decode_clip` does; concurrent calls wait for each other.

        Raises:
            VideoError: as `decode_windows`.
        """
        choice = FrameChoice(sampling, frames)
        *_, window, video = self.decode_windows(path, choice, size=size, hdr=hdr, alteration=alteration)
        return only_clip(window, video)

    def decode_windows(
        self,
        path: str,
        choice: FrameChoice,
        *,
        size: int,
        hdr: Hdr = "as_sdr",
        tracks: TrackChoice | None = None,
        alteration: Alteration | None = None,
    ) -> Iterator[Part]:
        """Decodes one local file, as the function `decode_windows` does; concurrent calls wait for each other.

        The process stops after a few windows until they are taken.

        Raises:
            VideoError: as that function, and `timeout`, `crashed` or `too_large`.
        """
        yield from self._ask(path, DecodeRequest(os.path.abspath(path), choice, size, hdr, tracks, alteration))

    def read_header(self, path: str) -> VideoHeader:
        """Reads the header of one local file, as the function `read_header` does; concurrent calls wait for each other.

        Raises:
            VideoError: as that function, and `timeout`, `crashed` or `too_large`.
        """
        (header,) = self._ask(path, HeaderRequest(os.path.abspath(path)))
        return header

    @property
    def pid(self) -> int | None:
        """The id of the process; None if none is running."""
        return self._process.pid if self._process else None

    def interrupt(self) -> None:
        """Kills the process from another thread: the current video becomes `crashed`, the next starts another."""
        if process := self._process:
            self._stopped = process
            process.kill()
            process.wait()

    def close(self) -> None:
        """Kills the process, whatever it is doing."""
        self.interrupt()
        if self._connection:
            self._connection.close()
        self._process = self._connection = None

    def _ask(self, path: str, request: HeaderRequest | DecodeRequest) -> Iterator[Any]:
        with self._lock:
            process, connection = self._started()
            try:
                connection.send(request)
                while not isinstance(answer := self._receive(connection, request), Done | Refusal):
                    yield answer
            except (EOFError, OSError) as error:
                ending, blame = self._ending(process)
                raise BlamedError(Reason.CRASHED, f"the decoder ended {ending}", blame) from error
            except BaseException:
                # A late answer would be mistaken for the answer to the next request.
                self.close()
                raise
        if isinstance(answer, Refusal):
            # Show the path as the caller gave it.
            raise BlamedError(answer.reason, answer.detail.replace(request.path, path), answer.blame)

    def _receive(self, connection: Connection, request: HeaderRequest | DecodeRequest) -> Any:
        if not connection.poll(self._timeout_s):
            doing = "decoding" if isinstance(request, DecodeRequest) else "reading its header"
            detail = f"{doing} took longer than {self._timeout_s:g} s"
            raise BlamedError(Reason.TIMEOUT, detail, Blame.UNCLEAR)
        return connection.recv()

    def _started(self) -> tuple[subprocess.Popen[bytes], Connection]:
        # A process that died while idle costs no video.
        if self._process and self._process.poll() is not None:
            self.close()
        if self._process and self._connection:
            return self._process, self._connection
        try:
            return self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        """Starts the process. A failure is the machine's fault, not the video's, so the next video tries again."""
        process = None
        try:
            connection, theirs = Pipe()
            self._connection = connection
            with contextlib.closing(theirs):
                command = isolated_command(_PROCESS, str(theirs.fileno()))
                environment = {**os.environ, **_ENVIRONMENT}
                self._process = process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
            connection.send((self._faces, self._memory_bytes))
            # Loading a detector does not count towards the time of a video.
            if not connection.poll(_START_TIMEOUT_S):
                raise _not_started(f"nothing heard of it within {_START_TIMEOUT_S} s")
            trouble = connection.recv()
        except (EOFError, OSError) as error:
            why = f"it ended {self._ending(process)[0]}" if process else getattr(error, "strerror", "") or str(error)
            raise _not_started(why) from error
        if trouble is not None:
            raise _not_started(trouble)
        return process, connection

    def _ending(self, process: subprocess.Popen[bytes]) -> tuple[str, Blame]:
        code = process.wait()
        stopped = process is self._stopped
        self.close()
        ending = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        if stopped:
            return ending, Blame.VIDEO
        return ending, Blame.MACHINE if was_killed(code) else Blame.UNCLEAR


def _not_started(why: str) -> VideoError:
    return BlamedError(Reason.CRASHED, f"the decoder could not be started ({why})", Blame.MACHINE)
