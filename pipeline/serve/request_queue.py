"""Turns a request into its row: reads the body, takes a place, then does the work."""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import Request

from components.submission_gen.rows import Row
from pipeline.serve.jobs import Job, Jobs, Progress
from pipeline.serve.requests.limits import Limits, Room, TooManyRequestsError
from pipeline.serve.requests.raw_features import parse_features
from pipeline.serve.requests.uploads import FIELD, FORM, JSON, UploadError, media_type, pass_over, read_body, read_video
from pipeline.serve.stoppable import Stoppable, finish, finish_while_connected

if TYPE_CHECKING:
    from pipeline.serve.video_scorer import VideoScorer


class RequestQueue:
    """Scores the contents of requests, as many at a time as the limits allow."""

    def __init__(self, scorer: "VideoScorer", limits: Limits) -> None:
        self._scorer = scorer
        self._limits = limits
        self._uploads = Room(limits.uploads)
        self._places = Room(limits.at_work + limits.waiting)
        self._bytes = Room(limits.held_bytes)
        self.jobs = Jobs(limits)

    def requests(self) -> int:
        """Returns the number of requests being uploaded, waiting or being processed."""
        return self._uploads.taken + self._places.taken

    def held_bytes(self) -> int:
        """Returns the bytes that these have uploaded."""
        return self._bytes.taken

    async def score(self, request: Request) -> Row | Job:
        """Scores the video or the features in a request, or starts a job that does.

        A job is started for a video that is long, or whose caller prefers not to wait.

        Raises:
            UploadError: if it contains neither, or exceeds the limits.
            TooManyRequestsError: if there is no room for it.
            ClientDisconnect: if the caller disconnected.
        """
        try:
            # Refuse before the upload rather than after it.
            if self._places.is_full:
                raise TooManyRequestsError
            if media_type(request) == JSON:
                return await self._score_json(request)
            if media_type(request) == FORM:
                return await self._score_form(request)
            raise UploadError(415, f"neither a form nor JSON; send e.g. curl -F {FIELD}=@clip.mp4")
        except (UploadError, TooManyRequestsError) as error:
            if not (isinstance(error, UploadError) and error.status == 408):
                await pass_over(request)
            raise

    async def _score_json(self, request: Request) -> Row:
        limits = self._limits
        with self._bytes.share() as take:
            with self._uploads.one():
                body = await read_body(request, most_bytes=limits.json_bytes, within_s=limits.upload_s, take=take)

            def work(_: Stoppable) -> Row:
                # Parsed here, since parsing would block the event loop.
                return self._scorer.score_features(parse_features(body, *self._scorer.shape))

            with self._places.one():
                return await finish_while_connected(request, self._scorer.pool, work)

    async def _score_form(self, request: Request) -> Row | Job:
        limits, scorer = self._limits, self._scorer
        wants_job = prefers_job(request)
        if wants_job:
            self.jobs.require_room()
        async with contextlib.AsyncExitStack() as held:
            take = held.enter_context(self._bytes.share())
            with self._uploads.one():
                video = await read_video(request, most_bytes=limits.upload_bytes, within_s=limits.upload_s, take=take)
            held.push_async_callback(video.close)
            # Not in the event loop, which a copy of hundreds of megabytes would block.
            opened = scorer.copy(video.file)
            path = await asyncio.get_running_loop().run_in_executor(None, opened.__enter__)
            held.push(opened.__exit__)
            name = video.filename or FIELD

            def work(progress: Progress) -> Callable[[Stoppable], Row]:
                return lambda stoppable: scorer.score_video(path, name, stoppable, progress)

            if not wants_job:
                with self._places.one():
                    measure = functools.partial(scorer.duration_s, path)
                    if await finish_while_connected(request, scorer.pool, measure) <= limits.sync_s:
                        return await finish_while_connected(request, scorer.pool, work(Progress()))
            self.jobs.require_room()
            return self.jobs.start(lambda progress: finish(scorer.job_pool, work(progress)), held.pop_all())


def prefers_job(request: Request) -> bool:
    """Whether the header `Prefer` asks for an answer before the work is done (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(each.partition(";")[0].strip().lower() == "respond-async" for each in preferences)
