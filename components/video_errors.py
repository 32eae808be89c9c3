"""Why a video cannot be used: the closed vocabulary, and the error that carries it."""

import enum


class Reason(str, enum.Enum):
    """The reasons of quarantine rows."""

    MISSING = "missing"
    TOO_LARGE = "too_large"
    NOT_A_VIDEO = "not_a_video"
    UNREADABLE_CONTAINER = "unreadable_container"
    NO_VIDEO_STREAM = "no_video_stream"
    UNSUPPORTED_CODEC = "unsupported_codec"
    NO_FRAMES = "no_frames"
    TRUNCATED = "truncated"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    CHANGED = "changed"


class VideoError(Exception):
    """One video cannot be used; the run goes on without it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
