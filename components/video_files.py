"""Opening encoded videos, wherever they are kept."""

import contextlib
import os
import tempfile
from collections.abc import Iterator

import av
import av.container
import av.error
import av.stream
import av.video.stream
import tensorflow as tf

from components.quarantine import Reason, VideoError


def join_uri(root: str, relative: str) -> str:
    """Joins a data root (local folder or bucket) and a path relative to it."""
    return os.path.join(root, relative)


def is_remote(uri: str) -> bool:
    """Whether the uri names an object in a bucket rather than a local file."""
    return "://" in uri


@contextlib.contextmanager
def local_copy(uri: str) -> Iterator[str]:
    """Gives a local path for `uri`: itself, or a temporary copy that lives as long as the context.

    Raises:
        VideoError: `missing`, if nothing is there.
    """
    if not is_remote(uri):
        if not os.path.isfile(uri):
            raise VideoError(Reason.MISSING, f"{uri} is not there")
        yield uri
        return
    with tempfile.TemporaryDirectory(prefix="deepfake-video-") as folder:
        path = os.path.join(folder, os.path.basename(uri))
        try:
            tf.io.gfile.copy(uri, path)
        except tf.errors.NotFoundError as error:
            raise VideoError(Reason.MISSING, f"{uri} is not there") from error
        yield path


@contextlib.contextmanager
def open_video(path: str) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    """Opens a local file and picks its video stream, decoded by one thread.

    Raises:
        VideoError: `unreadable_container`, `no_video_stream` or `unsupported_codec`.
    """
    try:
        # Tags are in whatever encoding their writer had; none of them is needed.
        container = av.open(path, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        raise VideoError(Reason.UNREADABLE_CONTAINER, str(error)) from error
    with container:
        stream = next((video for video in container.streams.video if not _is_cover_picture(video)), None)
        if stream is None:
            raise VideoError(Reason.NO_VIDEO_STREAM, f"{len(container.streams)} streams, none of them video")
        if stream.codec_context is None:
            raise VideoError(Reason.UNSUPPORTED_CODEC, "no decoder for the video stream")
        # One worker a core does better than several threads a video.
        stream.codec_context.thread_count = 1
        yield container, stream


def _is_cover_picture(stream: av.video.stream.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
