"""One thread for each library where several test processes share the cores."""

import os

_VARIABLES = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def limit_threads() -> None:
    """Sets the limits under pytest-xdist, unless the user has; to be called before TensorFlow is imported.

    On busy cores, threads of one operation wait for each other: a small training takes ten times as long.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        for variable in _VARIABLES:
            os.environ.setdefault(variable, "1")


def thread_variables() -> dict[str, str]:
    """Returns the limits in force, for processes that inherit no environment."""
    return {variable: os.environ[variable] for variable in _VARIABLES if variable in os.environ}
