"""Metrics of the service for Prometheus."""

import time
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCORE: Final = "/score"
JOBS: Final = "/jobs"
VERDICT: Final = "verdict"
"""The key of a request's state that holds the verdict to count."""

_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The metrics of one service, in a registry of their own, so that one process may run several."""

    def __init__(self, in_house: Callable[[], int], held_bytes: Callable[[], int], jobs: Callable[[], int]) -> None:
        """Registers the metrics.

        Args:
            in_house: returns the current number of requests.
            held_bytes: returns the current size of their bodies in bytes.
            jobs: returns the current number of jobs, including those that have ended.
        """
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "deepfake_answers",
            f"Answers on {SCORE} by HTTP status and verdict",
            ["status", "verdict"],
            registry=self.registry,
        )
        self.other_answers = Counter(
            "deepfake_other_answers", "Answers on all other paths by HTTP status", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "deepfake_seconds",
            f"Seconds from the request on {SCORE} to its answer",
            buckets=_SECONDS,
            registry=self.registry,
        )
        for name, words, count in (
            ("deepfake_requests_in_house", "Requests that are uploaded, wait or are at work", in_house),
            ("deepfake_held_bytes", "Bytes of the uploads in the house", held_bytes),
            ("deepfake_jobs", "Jobs that wait, are at work, or have ended and are kept for their callers", jobs),
        ):
            Gauge(name, words, registry=self.registry).set_function(count)


class CountAnswers:
    """Middleware that counts every answer, including those of other middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        started = time.monotonic()
        state = scope.setdefault("state", {})

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = str(message["status"])
                if scope["path"] == SCORE:
                    self._metrics.answers.labels(status, state.get(VERDICT, "")).inc()
                    self._metrics.seconds.observe(time.monotonic() - started)
                else:
                    self._metrics.other_answers.labels(status).inc()
            await send(message)

        await self._app(scope, receive, counted)
