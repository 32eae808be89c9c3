"""The result rows, one per video."""

import dataclasses
from typing import Literal

from components.submission_gen.caution import Caution

InTraining = Literal["true", "false", "unknown"]
KnownBy = Literal["", "digest", "group"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaceRow:
    """A face in one window of a video.

    Attributes:
        face: its number in the window, from 1 on, the largest first.
        probability: of FAKE, calibrated, of the clip of this face.
        times_s: when each of its frames is shown, in seconds since the start of the video.
        boxes: in each of these frames its left, top, right and bottom, in shares of the shown frame.
    """

    face: int
    probability: float
    times_s: list[float]
    boxes: list[list[float]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class WindowRow:
    """One window of a video.

    Attributes:
        start_s: where it starts, in seconds since the start of the video.
        end_s: where it ends.
        probability: of FAKE, calibrated, as if it was a video of its own; the highest of its faces'.
        faces: that were scored; empty if the centre of the picture was.
    """

    start_s: float
    end_s: float
    probability: float
    faces: list[FaceRow] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """The result for one video; each input video has exactly one.

    Fields that do not apply, or that earlier versions did not write, have their defaults.

    Attributes:
        uri: as it was found.
        probability: of FAKE, calibrated; None if it could not be scored.
        probability_std: standard deviation of the probabilities of the model's members, 0 for a single one, of the clip
            that weighs most; None if it could not be scored, or the model is of an earlier version.
        likelihood_ratio: how many times likelier what was seen is if the video is fake than if it is real: the odds of
            the probability over those of a fake among the videos that the model was calibrated on; None if not known,
            or of several clips.
        verdict: a value of `Verdict`.
        caution: why the score is less reliable than others.
        reason: why it could not be scored, from the closed list of reasons; empty if it was.
        detail: a human-readable explanation of the reason.
        windows: the spans of the video that were scored, in order of time; empty if they are not known.
        not_looked_at: spans of the video between them, start and end in seconds.
        duration_s: when the video ends; 0 if unknown.
        frames: number of frames that the model scored, in all windows.
        truncated: whether parts of the video are missing or damaged.
        face_status: the result of the face crop; like the fields below, up to the frames' times, of the clip that
            weighs most, see `heaviest`.
        color: how the colours were converted; empty if unknown.
        sampled_as: the sampling that was used; empty if unknown.
        crop_side: side of the cropped square in pixels, before resizing; 0 if unknown.
        frame_scores: one per frame; their meaning is `frame_score` in the model's description.
        frame_timestamps_s: seconds since the start.
        content_digest: SHA-256 of the file; empty if it could not be read.
        in_training: whether the model was trained on the video, or on one of its group, as words in every format.
        known_by: what tells that it was: the same bytes (`digest`), or its group.
        model: the version folder's name.
        model_digest: of the model's description.
        model_forgeries: what kinds of fakes the model was trained on: `given` by its data set, `self_blended`, or both;
            empty if it does not tell.
        model_window_s: how long the windows are that it was trained on, or most of its whole videos, in seconds; 0 if
            that is not known.
        sound: that it plays no part.
    """

    uri: str
    probability: float | None
    probability_std: float | None = None
    likelihood_ratio: float | None = None
    verdict: str
    caution: list[Caution] = dataclasses.field(default_factory=list)
    reason: str = ""
    detail: str = ""
    windows: list[WindowRow] = dataclasses.field(default_factory=list)
    not_looked_at: list[list[float]] = dataclasses.field(default_factory=list)
    duration_s: float = 0.0
    frames: int = 0
    truncated: bool = False
    face_status: str = ""
    color: str = ""
    sampled_as: str = ""
    crop_side: int = 0
    frame_scores: list[float] = dataclasses.field(default_factory=list)
    frame_timestamps_s: list[float] = dataclasses.field(default_factory=list)
    content_digest: str = ""
    in_training: InTraining = "unknown"
    known_by: KnownBy = ""
    model: str
    model_digest: str
    model_forgeries: list[str] = dataclasses.field(default_factory=list)
    model_window_s: float = 0.0
    sound: Literal["not_examined"] = "not_examined"

    @property
    def heaviest(self) -> tuple[WindowRow, FaceRow | None] | None:
        """The first window with the highest probability, and the face in it that has it; None if it has no windows."""
        if not self.windows:
            return None
        window = max(self.windows, key=lambda each: each.probability)
        return window, max(window.faces, key=lambda each: each.probability, default=None)
