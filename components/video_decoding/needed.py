"""Decodes only what the wanted frames of a video need, for videos whose packets prove what that is."""

from collections.abc import Iterator, Sequence

import av.error
import av.packet
import numpy as np

from components.video_decoding.container import open_video
from components.video_decoding.crop import Cropper
from components.video_decoding.decoded_frames import FramesByWindow, TakenFrames
from components.video_decoding.frame_choice import ChosenFrames
from components.video_decoding.orientation import Orientations
from components.video_decoding.packets import PacketIndex, read_packets


class PacketsContradictedError(Exception):
    """The decoder gives other frames than the packets have promised."""


def decode_needed(
    path: str, index: PacketIndex, chosen: Sequence[ChosenFrames], cropper: Cropper
) -> Iterator[TakenFrames]:
    """Decodes the chosen frames, and yields those of each window as soon as it has them.

    Args:
        path: path of a local file.
        index: index of its packets, which must be trusted.
        chosen: the frames, by their positions in presentation order.
        cropper: keeps the frames.

    Raises:
        PacketsContradictedError: unless all of them are decoded undamaged, and all frames are output in presentation
            order.
        VideoError: as `open_video`.
    """
    positions = sorted({position for each in chosen for position in each.positions})
    wanted = index.presentation_order[positions]
    sought = dict(zip(index.pts[wanted].tolist(), zip(positions, index.times_s[positions], strict=True), strict=True))
    needed = index.needed(wanted)
    # The first packet may identify the encoder, whose bugs FFmpeg works around.
    needed[0] = True
    last = int(np.flatnonzero(needed)[-1])
    windows = FramesByWindow(chosen)
    shown_before = -1 << 63
    orientations = Orientations()

    with open_video(path) as (container, stream):
        context = stream.codec_context

        def decode(packet: av.packet.Packet | None) -> Iterator[TakenFrames]:
            nonlocal shown_before
            for frame in context.decode(packet):
                if frame.is_corrupt or frame.pts is None or frame.pts <= shown_before:
                    raise av.error.InvalidDataError(0, "a frame that is damaged, or out of order", path)
                shown_before = frame.pts
                orientation = orientations.of(frame)
                if frame.pts in sought:
                    position, time_s = sought[frame.pts]
                    windows.add(position, cropper.keep(frame, orientation), time_s)
                    yield from windows.complete()

        try:
            for position, packet in enumerate(read_packets(container, stream)):
                if needed[position]:
                    # Skipping a frame that no other refers to does not change a pixel of the rest.
                    context.skip_frame = "DEFAULT" if packet.pts in sought else "NONREF"
                    yield from decode(packet)
                elif position and needed[position - 1]:
                    # The next needed packet is a keyframe; drain the decoder so that frames are not mixed.
                    yield from decode(None)
                    context.flush_buffers()
                if position == last:
                    break
            yield from decode(None)
        except MemoryError:
            raise
        except av.error.FFmpegError as error:
            raise PacketsContradictedError from error
    if windows.remaining:
        raise PacketsContradictedError
