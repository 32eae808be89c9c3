"""Decodes the sampled frames of a video, window by window."""

import dataclasses
import math
from collections.abc import Generator, Iterator, Sequence

import numpy as np

from components.video_decoding.altered_crop import Alter, AlteredCropper
from components.video_decoding.clip import Clip, DecodedVideo, DecodedWindow, Part, StartedAgain, only_clip
from components.video_decoding.colors import Colors, Hdr
from components.video_decoding.crop import CenterCropper, Cropper, FaceCropper
from components.video_decoding.decoded_frames import DecodedFacts, TakenFrames
from components.video_decoding.faces.face import FaceSearch
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.frame_choice import ChosenFrames, FrameChoice, end_of
from components.video_decoding.needed import PacketsContradictedError, decode_needed
from components.video_decoding.packets import PacketIndex, index_packets
from components.video_decoding.sampling import Sampling, at_frame_rate
from components.video_decoding.sequence import decode_in_sequence
from components.video_decoding.windows import WHOLE, Window
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
    """Decodes at most `frames` frames of a whole video, see `decode_windows`."""
    choice = FrameChoice(sampling, frames, WHOLE, frame_rate)
    *_, window, video = decode_windows(path, choice, size=size, hdr=hdr, faces=faces, alter=alter)
    return only_clip(window, video)


def decode_windows(
    path: str,
    choice: FrameChoice,
    *,
    size: int,
    hdr: Hdr = "as_sdr",
    faces: FaceSearch | None = None,
    tracks: TrackChoice | None = None,
    alter: Alter | None = None,
) -> Iterator[Part]:
    """Decodes the chosen frames of the local file `path`, and crops them to their centre square.

    With `faces`, they are cropped to the window's face instead, if one is found, and with `tracks` to each of several;
    with `alter`, after they were altered.

    Positions count the frames that the decoder outputs when it decodes the whole video in sequence. If the picture
    headers prove which packet holds which frame and where decoding can start (`PacketIndex.trusted`), only what the
    sampled frames need is decoded; otherwise the whole video is, and positions follow from its actual frame count.

    Timestamps come from the packets if they strictly increase, else from `rising_times`.

    Yields:
        Each window as soon as it is decoded, and at the end what is known of the video. A `StartedAgain` says that the
        windows before it are void.

    Raises:
        VideoError: `no_frames`, or as `open_video`.
    """
    colors = Colors(hdr)
    cropper: Cropper = FaceCropper(size, colors, faces, tracks) if faces else CenterCropper(size, colors)
    if alter:
        cropper = AlteredCropper(cropper, colors, alter)
    if choice.sampling == "first" and choice.windowing == WHOLE:
        yield from _decode_start(path, choice, cropper)
        return
    index = index_packets(path)
    if index.trusted and index.frame_count:
        keyframes = index.keyframe_positions if choice.sampling == "keyframes" else []
        chosen = choice.choose(index.times_s, keyframes)
        _require_windows(chosen, choice, index.times_s)
        try:
            yield from (_cropped(taken, cropper) for taken in decode_needed(path, index, chosen, cropper))
        except PacketsContradictedError:
            yield StartedAgain()
        else:
            sampled_as = choice.sampled_as(chosen, keyframes)
            yield DecodedVideo(index.frame_count, index.truncated, sampled_as, end_of(index.times_s), index.notes)
            return
    yield from _decode_all(path, index, choice, cropper)


def _decode_start(path: str, choice: FrameChoice, cropper: Cropper) -> Iterator[Part]:
    """Decodes up to the last of the first frames."""
    positions = at_frame_rate(range(choice.frames), choice.frame_rate)
    chosen = [ChosenFrames(Window(0.0, math.inf), positions)]
    facts = yield from _crop_each(decode_in_sequence(path, chosen, cropper, to_the_end=False), cropper)
    _require_frames(facts)
    # Fewer frames than wanted: the video is short, or the file is truncated.
    ended = len(facts.times_s) <= positions[-1] and index_packets(path).truncated
    # The end of the video is not known.
    yield dataclasses.replace(_video(facts, "first", truncated=ended), end_s=0.0)


def _decode_all(path: str, index: PacketIndex, choice: FrameChoice, cropper: Cropper) -> Iterator[Part]:
    """Decodes as the packets suggest, and again if the decoder contradicts them."""
    keyframes: Sequence[int] = index.keyframe_positions if choice.sampling == "keyframes" and index.timed else []
    times_s, told = index.guessed_times_s, None
    while True:
        chosen = choice.choose(times_s, keyframes)
        facts = yield from _crop_each(decode_in_sequence(path, chosen, cropper, times_s=told), cropper)
        _require_frames(facts)
        if not set(keyframes) <= set(facts.keyframes) or max(keyframes, default=0) >= len(facts.times_s):
            keyframes = []
        right = _positions(choice.choose(facts.times_s, keyframes)) == _positions(chosen)
        # A window that was yielded early has the right times if all frames came in order.
        if right and (len(chosen) == 1 or facts.in_order or told is not None):
            _require_windows(chosen, choice, facts.times_s)
            yield _video(facts, choice.sampled_as(chosen, keyframes), truncated=index.truncated)
            return
        yield StartedAgain()
        times_s = told = facts.times_s


def _crop_each(
    taken: Generator[TakenFrames, None, DecodedFacts], cropper: Cropper
) -> Generator[DecodedWindow, None, DecodedFacts]:
    while True:
        try:
            frames = next(taken)
        except StopIteration as ended:
            return ended.value
        yield _cropped(frames, cropper)


def _cropped(frames: TakenFrames, cropper: Cropper) -> DecodedWindow:
    clips = cropper.finish(frames.kept)
    times_s = frames.times_s.astype(np.float32)
    return DecodedWindow(frames.window, clips, [times_s[clip.taken] for clip in clips])


def _video(facts: DecodedFacts, sampled_as: Sampling, *, truncated: bool) -> DecodedVideo:
    return DecodedVideo(
        good_frames=len(facts.times_s),
        truncated=truncated or facts.truncated,
        sampled_as=sampled_as,
        end_s=end_of(facts.times_s),
        notes=facts.notes,
    )


def _positions(chosen: Sequence[ChosenFrames]) -> list[Sequence[int]]:
    return [each.positions for each in chosen]


def _require_frames(facts: DecodedFacts) -> None:
    if not len(facts.times_s):
        raise VideoError(Reason.NO_FRAMES, "no frame could be decoded")


def _require_windows(chosen: Sequence[ChosenFrames], choice: FrameChoice, times_s: np.ndarray) -> None:
    if not chosen:
        asked, end = choice.windowing, end_of(times_s)
        span = f"from {asked.from_s:g} s " + (f"to {asked.to_s:g} s" if asked.to_s else "on")
        raise VideoError(Reason.NO_FRAMES, f"it has no frames {span}; it ends at {end:g} s")
