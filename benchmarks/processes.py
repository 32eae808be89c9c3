"""Contenders: each in its own process, on its own cores, measured together with all its child processes."""

import contextlib
import dataclasses
import multiprocessing
import os
import pathlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

Job = Callable[..., Any]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Cost:
    """The cost of a job; `cpu_s` includes all descendant processes, the memory is the job's own.

    `grown_bytes` is by how much the job raised the process's peak, `peak_bytes`.
    """

    cpu_s: float
    wall_s: float
    peak_bytes: int
    grown_bytes: int


class Contender:
    """A process that prepares a job and runs it on request."""

    def __init__(self, prepare: Callable[..., Job], *arguments: Any, cores: Collection[int]) -> None:
        """Starts the process, pins it to `cores`, and has it call `prepare(*arguments)`."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, sorted(cores), prepare, arguments))
        self._process.start()
        theirs.close()

    def ready(self) -> None:
        """Waits until the job is prepared."""
        self._answer()

    def begin(self, *arguments: Any) -> None:
        """Starts the job, `job(*arguments)`, without waiting for it."""
        self._connection.send(arguments)

    def finish(self) -> tuple[Cost, Any]:
        """Waits for the job to end, and returns its cost and its result."""
        return self._answer()

    def measure(self, *arguments: Any) -> Cost:
        """Runs the job once."""
        self.begin(*arguments)
        return self.finish()[0]

    def close(self) -> None:
        """Ends the process."""
        self._connection.close()
        self._process.join()

    def _answer(self) -> Any:
        try:
            answer = self._connection.recv()
        except EOFError:
            self._process.join()
            raise RuntimeError(f"a contender ended with exit code {self._process.exitcode}; see above") from None
        return answer


def measured_once(prepare: Callable[..., Job], *arguments: Any, cores: Collection[int]) -> tuple[Cost, Any]:
    """Runs a job once in a process of its own, and returns its cost and its result."""
    contender = Contender(prepare, *arguments, cores=cores)
    with started({"": contender}):
        contender.begin()
        return contender.finish()


@contextlib.contextmanager
def started(contenders: dict[str, Contender]) -> Iterator[dict[str, Contender]]:
    """Waits until all are prepared, and closes them afterwards."""
    try:
        for contender in contenders.values():
            contender.ready()
        yield contenders
    finally:
        for contender in contenders.values():
            contender.close()


def race(contenders: dict[str, Contender], rounds: int, *arguments: Any) -> dict[str, list[Cost]]:
    """Measures each in turn, once to warm up and then `rounds` times, so that disturbances affect all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for contender in contenders.values():
        contender.measure(*arguments)
    for _ in range(rounds):
        for name, contender in contenders.items():
            costs[name].append(contender.measure(*arguments))
    return costs


def median_cost(costs: Sequence[Cost], per: float = 1.0) -> Cost:
    """Returns the median times, divided by `per`, and the highest of both figures of memory."""
    return Cost(
        float(np.median([cost.cpu_s for cost in costs])) / per,
        float(np.median([cost.wall_s for cost in costs])) / per,
        max(cost.peak_bytes for cost in costs),
        max(cost.grown_bytes for cost in costs),
    )


def tree_cpu_s(pid: int) -> float:
    """Returns the CPU seconds of a process, its reaped children and all its live descendants."""
    try:
        # The name, in parentheses, may contain spaces.
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        below = [path.read_text().split() for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children")]
    except FileNotFoundError:
        # It has ended; its time is counted by the parent that reaped it.
        return 0.0
    own = sum(int(field) for field in fields[11:15]) / _TICKS
    return own + sum(tree_cpu_s(int(child)) for children in below for child in children)


def peak_bytes() -> int:
    """Returns the peak resident memory of this process."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM"))


def _serve(connection: Connection, cores: Sequence[int], prepare: Callable[..., Job], prepared: Sequence[Any]) -> None:
    os.sched_setaffinity(0, cores)
    os.environ["OMP_NUM_THREADS"] = "1"
    job = prepare(*prepared)
    connection.send(None)
    while True:
        try:
            arguments = connection.recv()
        except EOFError:
            return
        peak, cpu, wall = peak_bytes(), tree_cpu_s(os.getpid()), time.monotonic()
        result = job(*arguments)
        cost = Cost(tree_cpu_s(os.getpid()) - cpu, time.monotonic() - wall, peak_bytes(), peak_bytes() - peak)
        connection.send((cost, result))
