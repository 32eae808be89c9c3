"""Decodes the sampled frames of one video."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

import av.container
import av.error
import av.packet
import av.video.codeccontext
import av.video.frame
import numpy as np

from components.frame_feature_gen.crop import CenterCropper, Cropper, FaceCropper, FaceStatus
from components.frame_feature_gen.faces.face import Detect
from components.frame_feature_gen.packets import PacketIndex, index_packets, read_packets
from components.frame_feature_gen.sampling import Sampling, sample_positions
from components.quarantine import Reason, VideoError
from components.video_container import has_several_videos, open_video

# Their frames that no other frame leans on can be passed over without changing a pixel of the rest.
_WITH_B_FRAMES = ("h264", "hevc", "mpeg2video", "mpeg4")


Color = Literal["sdr", "hdr_as_sdr", "hdr_tone_mapped"]
"""What became of a video's colours: HDR is read as if it were SDR, unless it is tone-mapped."""

DecodeNote = Literal["several_video_streams", "pixel_aspect_ignored", "clean_aperture_ignored"]
"""Where the frames are not what a player shows: one stream of several, pixels taken for square, nothing cut off."""


@dataclasses.dataclass(frozen=True)
class Clip:
    """The sampled frames of one video.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB, n at least 1, in order of presentation.
        timestamps_s: float32 [n], seconds since the start of the video stream.
        face_status: what the crop found.
        good_frames: how many frames the video has, or those that came out whole before the last sampled one.
        truncated: whether parts of the video are missing or damaged.
        color: what became of the colours.
        sampled_as: the sampling that was used.
        crop_side: pixels of the square before it was resized, 0 where it is not known.
        notes: where the frames are not what a player shows.
    """

    frames: np.ndarray
    timestamps_s: np.ndarray
    face_status: FaceStatus
    good_frames: int
    truncated: bool
    color: Color = "sdr"
    sampled_as: Sampling = "uniform"
    crop_side: int = 0
    notes: tuple[DecodeNote, ...] = ()


def decode_clip(path: str, *, sampling: Sampling, frames: int, size: int, detect: Detect | None = None) -> Clip:
    """Decodes at most `frames` frames of the local file `path`, cropped to their centre square.

    With `detect`, which finds faces, they are cropped to the clip's face instead, if one is found.

    The packets tell where the sampled frames are, since the frame count that a container claims is only a hint;
    then only what these frames need is decoded. Where the packets do not tell, or a sampled frame cannot be
    decoded, all frames are decoded in sequence, and their count decides.

    Raises:
        VideoError: `no_frames`, or as `open_video`.
    """
    cropper = FaceCropper(size, detect) if detect else CenterCropper(size)
    if sampling == "first":
        return _require_frames(_decode_in_sequence(path, range(frames), cropper))
    index = index_packets(path)
    if index.trusted:
        sampled = _decode_needed(path, index, _sample_packets(index, sampling, frames), cropper)
        if sampled is not None:
            return sampled
    count, truncated = index.frame_count, index.truncated
    while True:
        wanted = sample_positions(sampling, count, frames)
        clip = _decode_in_sequence(path, wanted, cropper)
        truncated |= clip.truncated
        if len(clip.frames) == len(wanted):
            return _require_frames(dataclasses.replace(clip, truncated=truncated))
        count = clip.good_frames


def _require_frames(clip: Clip) -> Clip:
    if not len(clip.frames):
        raise VideoError(Reason.NO_FRAMES, "no frame could be decoded")
    return clip


def _sample_packets(index: PacketIndex, sampling: Sampling, frames: int) -> np.ndarray:
    order = index.presentation_order
    keyframes = np.flatnonzero(index.keyframes[order]).tolist()
    return order[list(sample_positions(sampling, len(order), frames, keyframes))]


def _decode_needed(path: str, index: PacketIndex, wanted: np.ndarray, cropper: Cropper) -> Clip | None:
    """Decodes the frames of the packets `wanted`, in order of presentation; None unless all of them come out."""
    times = index.pts[wanted].tolist()
    needed = index.needed(wanted)
    last = int(np.flatnonzero(needed)[-1])
    kept: dict[int, Any] = {}

    with open_video(path) as (container, stream):
        context = stream.codec_context
        passes_over = context.name in _WITH_B_FRAMES

        def decode(packet: av.packet.Packet | None) -> None:
            for frame in context.decode(packet):
                if frame.is_corrupt:
                    raise av.error.InvalidDataError(0, "a damaged frame", path)
                if frame.pts is not None and frame.pts in times:
                    kept[frame.pts] = cropper.keep(frame)

        try:
            for position, packet in enumerate(read_packets(container, stream)):
                if needed[position]:
                    context.skip_frame = "DEFAULT" if packet.pts in times or not passes_over else "NONREF"
                    decode(packet)
                elif position and needed[position - 1]:
                    # What comes next starts at a keyframe, and must not be mixed with what is still in the decoder.
                    decode(None)
                    context.flush_buffers()
                if position == last:
                    break
            decode(None)
        except av.error.FFmpegError:
            return None
        start, time_base, notes = stream.start_time or 0, stream.time_base, _notes(container)
    if set(kept) != set(times):
        return None
    pixels, face_status = cropper.finish([kept[time] for time in times])
    timestamps = [_seconds(time, start, time_base) for time in times]
    return Clip(
        pixels, np.asarray(timestamps, np.float32), face_status, index.frame_count, index.truncated, notes=notes
    )


def _decode_in_sequence(path: str, wanted: Sequence[int], cropper: Cropper) -> Clip:
    """Decodes up to the last wanted position among the frames that come out whole."""
    remaining = set(wanted)
    kept: list[Any] = []
    timestamps, good_frames, truncated = [], 0, False
    with open_video(path) as (container, stream):
        start, notes = stream.start_time or 0, _notes(container)
        for frame in _frames(stream.codec_context, itertools.chain(read_packets(container, stream), [None])):
            if frame is None or frame.is_corrupt:
                truncated = True
                continue
            if good_frames in remaining:
                remaining.discard(good_frames)
                kept.append(cropper.keep(frame))
                timestamps.append(_seconds(frame.pts, start, stream.time_base))
            good_frames += 1
            if not remaining:
                break
    pixels, face_status = cropper.finish(kept)
    return Clip(pixels, np.asarray(timestamps, np.float32), face_status, good_frames, truncated, notes=notes)


def _notes(container: av.container.InputContainer) -> tuple[DecodeNote, ...]:
    return ("several_video_streams",) if has_several_videos(container) else ()


def _frames(
    context: av.video.codeccontext.VideoCodecContext, packets: Iterable[av.packet.Packet | None]
) -> Iterator[av.video.frame.VideoFrame | None]:
    """Decodes packets, and yields None for one that cannot be; a packet None gives what the decoder still holds."""
    for packet in packets:
        try:
            yield from context.decode(packet)
        except av.error.FFmpegError:
            yield None


def _seconds(pts: int | None, start: int, time_base: Fraction | None) -> float:
    return 0.0 if pts is None or time_base is None else float((pts - start) * time_base)
