"""Waits for another process or thread, with a time limit."""

import time
from collections.abc import Callable

import pytest


def wait_until(
    true: Callable[[], object], *, seconds: float, what: str, alive: Callable[[], object] = lambda: True
) -> None:
    """Returns once `true()` returns true.

    Args:
        true: the condition.
        seconds: the test fails after this time.
        what: description of the condition, for the failure.
        alive: whether the condition can still become true; if not, the test fails immediately.
    """
    end = time.monotonic() + seconds
    while not true():
        if not alive():
            pytest.fail(f"{what}: can no longer come")
        if time.monotonic() > end:
            pytest.fail(f"{what}: has not come within {seconds:g} s")
        time.sleep(0.02)
