"""The exit codes of the commands."""

import enum


class ExitCode(enum.IntEnum):
    """The outcome of a command."""

    DONE = 0
    FAILED = 1
    USER_ERROR = 2
    SOME_VIDEOS_UNUSABLE = 3
    INTERRUPTED = 130
