"""Decodes the sampled frames of one video."""

import math
from collections.abc import Sequence

from components.video_decoding.altered_crop import Alter, AlteredCropper
from components.video_decoding.clip import Clip
from components.video_decoding.colors import Colors, Hdr
from components.video_decoding.crop import CenterCropper, Cropper, FaceCropper
from components.video_decoding.decoded_frames import DecodedFrames
from components.video_decoding.faces.face import FaceSearch
from components.video_decoding.needed import decode_needed
from components.video_decoding.packets import PacketIndex, index_packets
from components.video_decoding.sampling import Sampling, at_frame_rate, sample_positions
from components.video_decoding.sequence import decode_in_sequence
from components.video_errors import Reason, VideoError


def decode_clip(
    path: str,
    *,
    sampling: Sampling,
    frames: int,
    size: int,
    hdr: Hdr = "as_sdr",
    faces: FaceSearch | None = None,
    alter: Alter | None = None,
    frame_rate: float = 1.0,
) -> Clip:
    """Decodes at most `frames` frames of the local file `path` and crops them to their centre square.

    With `faces`, they are cropped to the clip's face instead, if one is found; with `alter`, after they were altered.
    With a `frame_rate` below 1, as if the video had only that share of its frames, evenly spread.

    Positions count the frames that the decoder outputs when it decodes the whole video in sequence. If the picture
    headers prove which packet holds which frame and where decoding can start (`PacketIndex.trusted`), only what the
    sampled frames need is decoded; otherwise the whole video is, and positions follow from its actual frame count.

    Timestamps come from the packets if they strictly increase, else from `rising_times`.

    Raises:
        VideoError: `no_frames`, or as `open_video`.
    """
    colors = Colors(hdr)
    cropper: Cropper = FaceCropper(size, colors, faces) if faces else CenterCropper(size, colors)
    if alter:
        cropper = AlteredCropper(cropper, colors, alter)
    if sampling == "first":
        decoded = decode_in_sequence(path, at_frame_rate(range(frames), frame_rate), cropper, to_the_end=False)
        # Fewer frames than wanted: the video is short, or the file is truncated.
        ended = len(decoded.kept) < frames and index_packets(path).truncated
        return _require_frames(decoded).clip(cropper, "first", truncated=ended)
    index = index_packets(path)
    keyframes: Sequence[int] = index.keyframe_positions if sampling == "keyframes" else []
    if index.trusted and index.frame_count:
        positions = _positions(sampling, index.frame_count, frames, keyframes, frame_rate)
        found = decode_needed(path, index, index.presentation_order[list(positions)], cropper)
        if found is not None:
            return found.clip(cropper, _sampled_as(sampling, keyframes), truncated=index.truncated)
    decoded, keyframes = _decode_all(path, index, sampling, frames, cropper, frame_rate)
    return _require_frames(decoded).clip(cropper, _sampled_as(sampling, keyframes), truncated=index.truncated)


def _decode_all(
    path: str, index: PacketIndex, sampling: Sampling, frames: int, cropper: Cropper, frame_rate: float
) -> tuple[DecodedFrames, Sequence[int]]:
    """Decodes as the packets suggest, and again if the decoder contradicts them; also returns the known keyframes."""
    count = index.frame_count
    keyframes: Sequence[int] = index.keyframe_positions if sampling == "keyframes" and index.timed else []
    while True:
        wanted = _positions(sampling, count, frames, keyframes, frame_rate)
        decoded = decode_in_sequence(path, wanted, cropper, to_the_end=True)
        confirmed = set(keyframes) <= set(decoded.keyframes)
        if decoded.good_frames == count and confirmed:
            return decoded, keyframes
        count = decoded.good_frames
        keyframes = keyframes if confirmed and max(keyframes, default=0) < count else []


def _positions(
    sampling: Sampling, frame_count: int, frames: int, keyframes: Sequence[int], frame_rate: float
) -> Sequence[int]:
    if frame_rate == 1 or (sampling == "keyframes" and keyframes):
        return sample_positions(sampling, frame_count, frames, keyframes)
    return at_frame_rate(sample_positions(sampling, math.ceil(frame_count * frame_rate), frames), frame_rate)


def _sampled_as(sampling: Sampling, keyframes: Sequence[int]) -> Sampling:
    return "uniform" if sampling == "keyframes" and not keyframes else sampling


def _require_frames(decoded: DecodedFrames) -> DecodedFrames:
    if not decoded.kept:
        raise VideoError(Reason.NO_FRAMES, "no frame could be decoded")
    return decoded
