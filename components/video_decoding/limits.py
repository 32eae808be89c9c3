"""Finds how decoded frames differ from what a player shows."""

from collections.abc import Iterator
from typing import cast

from av.container import InputContainer
from av.video.stream import VideoStream

from components.video_decoding.clean_aperture import has_clean_aperture
from components.video_decoding.clip import DecodeNote
from components.video_decoding.container import has_several_videos


def notes_of(path: str, stream: VideoStream) -> tuple[DecodeNote, ...]:
    """Returns how the frames of an opened file differ from what a player shows."""
    return tuple(_notes(path, stream))


def _notes(path: str, stream: VideoStream) -> Iterator[DecodeNote]:
    if has_several_videos(cast(InputContainer, stream.container)):
        yield "several_video_streams"
    if stream.sample_aspect_ratio and stream.sample_aspect_ratio != 1:
        yield "pixel_aspect_ignored"
    if has_clean_aperture(path, stream.codec_context.width, stream.codec_context.height):
        yield "clean_aperture_ignored"
