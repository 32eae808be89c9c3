"""Frames of the videos with the model's worst errors and most certain correct verdicts."""

import base64
import contextlib
import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np

from components.errors import UserError
from components.report_gen.scored_videos import ScoredVideo
from components.served_model.description import Description
from components.uris import join_uri
from components.video_decoding.clip import Clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.faces.model_file import open_face_detection
from components.video_decoding.files import local_copy
from components.video_errors import VideoError

SHOWN_FRAMES: Final = 8
_WIDTH = 112
_QUALITY = 68


@dataclasses.dataclass(frozen=True)
class Frame:
    """One shown frame: a JPEG as a data uri, its time and its score."""

    uri: str
    seconds: float
    score: float


@dataclasses.dataclass(frozen=True)
class Strip:
    """One shown video.

    Attributes:
        kind: why it is shown.
        video: the model's prediction.
        clip: its sampled frames; None if it cannot be read.
        problem: why it cannot be read.
    """

    kind: str
    video: ScoredVideo
    clip: Clip | None
    problem: str = ""

    @property
    def timeline(self) -> tuple[list[float], list[float], str]:
        """Times, scores and the unit of the times, which is the frame index if the timestamps are unknown."""
        scores = list(self.video.frame_scores)
        for known in (self.video.frame_timestamps_s, self.clip.timestamps_s if self.clip else ()):
            if len(known) == len(scores):
                return [float(time) for time in known], scores, "seconds"
        return [float(index) for index in range(len(scores))], scores, "frame"

    @property
    def frames(self) -> list[Frame]:
        """The frames to show, evenly spaced."""
        return pick_frames(self.clip, self.video.frame_scores) if self.clip else []


def pick_frames(clip: Clip, scores: Sequence[float]) -> list[Frame]:
    """Picks up to `SHOWN_FRAMES` evenly spaced frames of a clip, each with its score."""
    count = min(len(clip.frames), len(scores))
    picked = np.unique(np.linspace(0, count - 1, min(SHOWN_FRAMES, count)).round().astype(int))
    return [
        Frame(jpeg_uri(clip.frames[index], _WIDTH), float(clip.timestamps_s[index]), scores[index]) for index in picked
    ]


def choose(videos: Sequence[ScoredVideo], threshold: float, count: int) -> list[tuple[str, ScoredVideo]]:
    """Picks the worst errors and the most certain correct verdicts of both classes in turn, each with its kind."""
    worst = sorted(videos, key=lambda video: (-video.error, video.video_id))
    best = worst[::-1]

    def right(video: ScoredVideo) -> bool:
        return (video.probability_fake >= threshold) == video.is_fake

    kinds = [
        [("Missed fake", video) for video in worst if video.is_fake and not right(video)],
        [("False alarm", video) for video in worst if not video.is_fake and not right(video)],
        [("Most certain fake", video) for video in best if video.is_fake and right(video)],
        [("Most certain real", video) for video in best if not video.is_fake and right(video)],
    ]
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*kinds))
    chosen = list(itertools.islice(filter(None, in_turn), count))
    order = [kind[0][0] for kind in kinds if kind]
    return sorted(chosen, key=lambda one: order.index(one[0]))


def read_strips(
    chosen: Sequence[tuple[str, ScoredVideo]],
    data_root: str,
    description: Description,
    extraction: Mapping[str, Any],
) -> list[Strip]:
    """Decodes the chosen videos with the run's settings.

    Args:
        chosen: as returned by `choose`.
        data_root: folder or bucket of the videos.
        description: the model's `model.json`, which says how frames are sampled and cropped.
        extraction: the section of the config, with the face detector's file and the limits of decoding.
    """
    if not chosen:
        return []
    try:
        with _decoder(description, extraction) as decoder:
            return [_read(kind, video, data_root, decoder, description) for kind, video in chosen]
    except UserError as error:
        return [Strip(kind, video, None, str(error)) for kind, video in chosen]


def jpeg_uri(frame: np.ndarray, width: int) -> str:
    """Encodes a square frame, uint8 RGB, as a JPEG data uri of this width in pixels."""
    if width != frame.shape[1]:
        frame = cv2.resize(frame, (width, width), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(encoded.tobytes()).decode()}"


@contextlib.contextmanager
def _decoder(description: Description, extraction: Mapping[str, Any]) -> Iterator[IsolatedDecoder]:
    faces = None
    if description.crop == "face":
        faces = open_face_detection(description.face_detector, extraction["face_model"], description.face_model_digest)
    decoder = IsolatedDecoder(
        timeout_s=extraction["timeout_s"], memory_bytes=extraction["memory_mb"] << 20, faces=faces
    )
    with contextlib.closing(decoder):
        yield decoder


def _read(kind: str, video: ScoredVideo, data_root: str, decoder: IsolatedDecoder, description: Description) -> Strip:
    try:
        with local_copy(join_uri(data_root, video.uri)) as path:
            clip = decoder.decode(
                path,
                sampling=description.sampling,
                frames=description.frames,
                size=description.frame_size,
                hdr=description.hdr,
            )
    except VideoError as error:
        return Strip(kind, video, None, error.detail)
    return Strip(kind, video, clip)
