"""Videos that are scored while nobody waits: each is a job that tells how far it is."""

import asyncio
import contextlib
import dataclasses
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, Literal

from components.submission_gen.rows import Row
from pipeline.serve.requests.limits import Limits, TooManyRequestsError

State = Literal["waiting", "working", "done", "failed"]

_LOG: Final = logging.getLogger(__name__)
_ID_BYTES: Final = 16


class Progress:
    """How far a video is; written by the thread that scores it."""

    def __init__(self) -> None:
        self.started = False
        self.seconds = 0.0
        self.of_seconds = 0.0


@dataclasses.dataclass
class Job:
    """One video.

    Attributes:
        id: which nobody can guess.
        progress: of the work.
        ended_at: by the monotonic clock; None while it is at work.
        row: of the video; None until it is done.
        failure: why there is none, in one line.
    """

    id: str
    progress: Progress = dataclasses.field(default_factory=Progress)
    ended_at: float | None = None
    row: Row | None = None
    failure: str = ""

    @property
    def state(self) -> State:
        """What the job is doing."""
        if self.row:
            return "done"
        if self.failure:
            return "failed"
        return "working" if self.progress.started else "waiting"


class Jobs:
    """All jobs of a service. Only used in its event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def count(self) -> int:
        """Returns the number of jobs, including those that have ended and are not forgotten yet."""
        self._forget_old()
        return len(self._jobs)

    def require_room(self) -> None:
        """Makes room for another job, if need be by forgetting the one that ended first.

        Raises:
            TooManyRequestsError: if all are waiting or at work.
        """
        self._forget_old()
        over = len(self._jobs) - self._limits.jobs + 1
        ended = sorted((job.ended_at, job.id) for job in self._jobs.values() if job.ended_at is not None)
        if over > len(ended):
            raise TooManyRequestsError
        for _, job_id in ended[: max(over, 0)]:
            del self._jobs[job_id]

    def start(self, work: Callable[[Progress], Coroutine[Any, Any, Row]], held: contextlib.AsyncExitStack) -> Job:
        """Starts a job, for which there is room.

        Args:
            work: scores the video, and says how far it is; it is cancelled if it takes too long.
            held: what the video takes up; closed as soon as the work has ended.
        """
        job = Job(secrets.token_urlsafe(_ID_BYTES))
        self._jobs[job.id] = job
        self._tasks[job.id] = asyncio.create_task(self._run(job, work, held))
        return job

    def find(self, job_id: str) -> Job | None:
        """Returns the job, or None if there is none, or none any more."""
        self._forget_old()
        return self._jobs.get(job_id)

    async def end(self, job_id: str) -> bool:
        """Ends a job, if need be while it is at work, and forgets it; returns whether there was one."""
        job = self.find(job_id)
        if job:
            await self._stop(job)
        return job is not None

    async def close(self) -> None:
        """Ends all jobs."""
        for job in list(self._jobs.values()):
            await self._stop(job)

    async def _stop(self, job: Job) -> None:
        task = self._tasks.pop(job.id, None)
        self._jobs.pop(job.id, None)
        if task:
            task.cancel()
            await asyncio.wait({task})

    async def _run(
        self, job: Job, work: Callable[[Progress], Coroutine[Any, Any, Row]], held: contextlib.AsyncExitStack
    ) -> None:
        try:
            async with held:
                job.row = await asyncio.wait_for(work(job.progress), self._limits.job_s)
        except asyncio.TimeoutError:
            job.failure = f"it was not done after {self._limits.job_s:g} s"
        except Exception:
            _LOG.exception("job %s: unexpected error", job.id)
            job.failure = "unexpected error in the service; its log says more"
        finally:
            job.ended_at = time.monotonic()
            self._tasks.pop(job.id, None)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self._limits.job_age_s
        self._jobs = {key: job for key, job in self._jobs.items() if job.ended_at is None or job.ended_at > oldest}
