"""Decodes only what the wanted frames of a video need, for videos whose packets prove what that is."""

from typing import Any

import av.error
import av.packet
import numpy as np

from components.video_decoding.container import open_video
from components.video_decoding.crop import Cropper
from components.video_decoding.decoded_frames import DecodedFrames
from components.video_decoding.limits import notes_of
from components.video_decoding.orientation import Orientations
from components.video_decoding.packets import PacketIndex, read_packets


def decode_needed(path: str, index: PacketIndex, wanted: np.ndarray, cropper: Cropper) -> DecodedFrames | None:
    """Decodes the frames of the wanted packets.

    Args:
        path: path of a local file.
        index: index of its packets, which must be trusted.
        wanted: int64 [n], indexes of the packets, in presentation order.
        cropper: keeps the frames.

    Returns:
        None unless all of them are decoded undamaged, and all frames are output in presentation order.

    Raises:
        VideoError: as `open_video`.
    """
    times = index.pts[wanted].tolist()
    sought = set(times)
    needed = index.needed(wanted)
    # The first packet may identify the encoder, whose bugs FFmpeg works around.
    needed[0] = True
    last = int(np.flatnonzero(needed)[-1])
    kept: dict[int, Any] = {}
    shown_before = -1 << 63
    orientations = Orientations()

    with open_video(path) as (container, stream):
        context = stream.codec_context

        def decode(packet: av.packet.Packet | None) -> None:
            nonlocal shown_before
            for frame in context.decode(packet):
                if frame.is_corrupt or frame.pts is None or frame.pts <= shown_before:
                    raise av.error.InvalidDataError(0, "a frame that is damaged, or out of order", path)
                shown_before = frame.pts
                orientation = orientations.of(frame)
                if frame.pts in sought:
                    kept[frame.pts] = cropper.keep(frame, orientation)

        try:
            for position, packet in enumerate(read_packets(container, stream)):
                if needed[position]:
                    # Skipping a frame that no other refers to does not change a pixel of the rest.
                    context.skip_frame = "DEFAULT" if packet.pts in sought else "NONREF"
                    decode(packet)
                elif position and needed[position - 1]:
                    # The next needed packet is a keyframe; drain the decoder so that frames are not mixed.
                    decode(None)
                    context.flush_buffers()
                if position == last:
                    break
            decode(None)
        except MemoryError:
            raise
        except av.error.FFmpegError:
            return None
        start, time_base = stream.start_time or 0, stream.time_base
        notes = notes_of(path, stream)
    if set(kept) != sought or time_base is None:
        return None
    seconds = np.asarray([float((time - start) * time_base) for time in times])
    return DecodedFrames([kept[time] for time in times], seconds, index.frame_count, (), False, notes)
