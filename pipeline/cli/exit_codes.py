"""What the exit codes of the commands mean."""

import enum


class ExitCode(enum.IntEnum):
    """What became of a command."""

    DONE = 0
    FAILED = 1
    USER_ERROR = 2
    SOME_VIDEOS_UNUSABLE = 3
    INTERRUPTED = 130
