"""What the service counts, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """Of one service; a registry of its own, so that one process may have several."""

    def __init__(self, in_house: Callable[[], int]) -> None:
        """Registers them; `in_house` tells how many requests there are at the moment."""
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "deepfake_answers",
            "Answers to POST /score by HTTP status and verdict",
            ["status", "verdict"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "deepfake_seconds",
            "Seconds from the request to its answer",
            buckets=_SECONDS,
            registry=self.registry,
        )
        places = Gauge(
            "deepfake_requests_in_house", "Requests that are uploaded, wait or are at work", registry=self.registry
        )
        places.set_function(in_house)
