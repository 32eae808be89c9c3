"""Opens encoded videos. Does not import TensorFlow, which a decoding process does not need."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

import av
import av.container
import av.error
import av.logging
import av.stream
import av.video.stream

from components.regular_files import open_regular_file
from components.video_decoding.formats import (
    ALLOWED,
    MAY_BE_PICTURES,
    has_movie,
    has_picture_brand,
    is_list,
    is_several_pictures,
    kind_of,
)
from components.video_errors import Reason, VideoError

MAX_PIXELS: Final = 8192 * 8192
"""Pixels of the largest frame that is decoded; FFmpeg refuses to allocate a larger one."""

_HEAD_BYTES = 1 << 16
_NOT_ALLOWED = "Format not on whitelist"
_NO_VIDEO = (
    av.stream.Disposition.attached_pic
    | av.stream.Disposition.still_image
    | av.stream.Disposition.timed_thumbnails
    # A tile of a picture, or a layer of a video.
    | av.stream.Disposition.dependent
)


@contextlib.contextmanager
def open_video(path: str) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    """Opens a local file and picks its video stream, to be decoded by one thread.

    Only this file is read, whatever its name and whatever it refers to. Of several video streams the one that players
    show is picked: a moving one, then a default one, then the one with the most pixels, then the first.

    Raises:
        VideoError: `missing`, `not_a_video`, `unreadable_container`, `no_video_stream`, `unsupported_codec` or
            `too_large`.
        MemoryError: if opening it takes more memory than is available.
    """
    with contextlib.ExitStack() as stack:
        container = stack.enter_context(_open(path))
        streams = _video_streams(container)
        may_be_picture = _may_be_picture(path, container)
        moving: set[int] = set()
        if len(streams) > 1 or may_be_picture:
            moving = _moving(container, streams)
            if may_be_picture and (not moving or is_several_pictures(_head(path))):
                kind = container.metadata.get("major_brand") or container.format.name.partition(",")[0]
                raise VideoError(Reason.NOT_A_VIDEO, f"a still picture ({kind.strip()})")
            # Reopened, since not all formats can seek back to their start.
            container = stack.enter_context(_open(path))
            streams = _video_streams(container)
        stream = _pick(container, streams, moving)
        # Guards against a frame size that changes within the stream, too.
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        # One worker per core is faster than several threads per video.
        stream.codec_context.thread_count = 1
        yield container, stream


def has_several_videos(container: av.container.InputContainer) -> bool:
    """Whether there are video streams other than the one that `open_video` picks; cover art does not count."""
    return len(_video_streams(container)) > 1


def _open(path: str) -> av.container.InputContainer:
    try:
        return _open_allowed(path)
    except MemoryError:
        raise
    except av.error.FFmpegError as error:
        raise _refusal(path, error) from error
    except OSError as error:
        raise VideoError(Reason.UNREADABLE_CONTAINER, f"{path}: {error.strerror or error}") from error


def _open_allowed(path: str) -> av.container.InputContainer:
    file = _File(open_regular_file(path))
    # Tags may be in any encoding; none of them is needed.
    options = {"format_whitelist": ALLOWED}
    return av.open(file, "r", metadata_errors="replace", container_options=options, io_open=_refuse_other_files)


def _refuse_other_files(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise VideoError(Reason.NOT_A_VIDEO, "its video is in another file")


class _File:
    """A file without its name, in which FFmpeg would interpret `:` as a protocol and `%d` as an image sequence."""

    name = "video"

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size) or b""
        except OSError as error:
            # Fails the way FFmpeg's own reader does, so that what was read before still counts.
            raise av.error.FFmpegError(error.errno or 0, error.strerror or str(error)) from error


def _refusal(path: str, error: av.error.FFmpegError) -> VideoError:
    """Opens a file again to find out why it is refused, which FFmpeg only logs."""
    with _errors_logged() as told, contextlib.suppress(av.error.FFmpegError):
        _open_allowed(path).close()
    for _, name, message in told:
        if message.startswith(_NOT_ALLOWED):
            return VideoError(Reason.NOT_A_VIDEO, kind_of(name))
    if is_list(_head(path)):
        return VideoError(Reason.NOT_A_VIDEO, "a list of other files")
    last = f" ({told[-1][2].strip()})" if told else ""
    return VideoError(Reason.UNREADABLE_CONTAINER, f"{path}: {error.strerror}{last}")


def _head(path: str) -> bytes:
    # A read error is reported later, by the code that reads the whole file.
    with open_regular_file(path) as file, contextlib.suppress(OSError):
        return file.read(_HEAD_BYTES) or b""
    return b""


@contextlib.contextmanager
def _errors_logged() -> Iterator[list[tuple[int, str, str]]]:
    level, skipped = av.logging.get_level(), av.logging.get_skip_repeated()
    av.logging.set_level(av.logging.ERROR)
    av.logging.set_skip_repeated(False)
    try:
        with av.logging.Capture() as told:
            yield told
    finally:
        av.logging.set_level(level)
        av.logging.set_skip_repeated(skipped)


def _video_streams(container: av.container.InputContainer) -> list[av.video.stream.VideoStream]:
    streams = [stream for stream in container.streams.video if not stream.disposition & _NO_VIDEO]
    # An animated picture also has a still for viewers that cannot show animations.
    return [stream for stream in streams if stream.frames != 1] if has_picture_brand(container.metadata) else streams


def _may_be_picture(path: str, container: av.container.InputContainer) -> bool:
    if container.format.name in MAY_BE_PICTURES or has_picture_brand(container.metadata):
        return True
    if not container.format.name.startswith("mov,") or any(stream.frames != 1 for stream in container.streams.video):
        return False
    with open_regular_file(path) as file:
        return not has_movie(file)


def _moving(container: av.container.InputContainer, streams: Sequence[av.video.stream.VideoStream]) -> set[int]:
    """Returns the indexes of the streams that have at least two packets."""
    found: set[int] = set()
    moving: set[int] = set()
    # If no stream moves, the whole file is read in vain.
    try:
        for packet in container.demux(*streams) if streams else ():
            if packet.size and packet.stream_index in found:
                moving.add(packet.stream_index)
                if len(moving) == len(streams):
                    break
            elif packet.size:
                found.add(packet.stream_index)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return moving
    return moving


def _pick(
    container: av.container.InputContainer, streams: Sequence[av.video.stream.VideoStream], moving: set[int]
) -> av.video.stream.VideoStream:
    if not streams:
        raise VideoError(Reason.NO_VIDEO_STREAM, f"{len(container.streams)} streams, none of them video")
    decodable = [stream for stream in streams if stream.codec_context is not None]
    if not decodable:
        raise VideoError(Reason.UNSUPPORTED_CODEC, "no decoder for the video stream")

    def rank(stream: av.video.stream.VideoStream) -> tuple[bool, bool, int]:
        default = bool(stream.disposition & av.stream.Disposition.default)
        return stream.index in moving, default, stream.codec_context.width * stream.codec_context.height

    stream = max(decodable, key=rank)
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS:
        raise VideoError(Reason.TOO_LARGE, f"frames of {width}x{height} pixels, more than {MAX_PIXELS}")
    return stream
