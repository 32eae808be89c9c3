"""Waiting for something that another process or thread does, and not for ever."""

import time
from collections.abc import Callable

import pytest


def wait_until(
    true: Callable[[], object], *, seconds: float, what: str, alive: Callable[[], object] = lambda: True
) -> None:
    """Returns once `true()` is.

    Args:
        true: what is waited for.
        seconds: after which the test fails.
        what: is waited for, in words.
        alive: whether it can still come; the test fails at once where it cannot.
    """
    end = time.monotonic() + seconds
    while not true():
        if not alive():
            pytest.fail(f"{what}: can no longer come")
        if time.monotonic() > end:
            pytest.fail(f"{what}: has not come within {seconds:g} s")
        time.sleep(0.02)
