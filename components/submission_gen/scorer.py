"""Builds the row of each video from what a model says of its clips."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from components import features
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.served_model.aggregation import Aggregation, score_video
from components.served_model.folder import ModelFolder
from components.served_model.model_windows import trained_window_s
from components.served_model.scored import Scored
from components.submission_gen.caution import cautions
from components.submission_gen.rows import FaceRow, Row, WindowRow
from components.submission_gen.verdict import Verdict, decide_verdict
from components.video_decoding.sampling import Sampling
from components.video_errors import Reason

if TYPE_CHECKING:
    import tensorflow as tf

# Of times, in seconds, and of boxes, in shares of the frame.
_DIGITS: Final = 3
_BOX_DIGITS: Final = 4
# What is shorter is a matter of rounding.
_GAP_S: Final = 0.1


@dataclasses.dataclass(frozen=True)
class Scorer:
    """Builds the rows of one model.

    Attributes:
        model: the version folder's name.
        model_digest: of the model's description.
        decision_rule: of the model.
        sampling: in its training.
        frames: that it takes of a clip.
        aggregation: of the scores of several clips; None if it has none.
        clip: the lowest probability that it gives.
        prior_odds: of a fake among the videos that it was calibrated on; None if they are not known.
        forgeries: that it was trained on.
        window_s: that it was trained on.
    """

    model: str
    model_digest: str
    decision_rule: DecisionRule
    sampling: Sampling = "uniform"
    frames: int = features.FRAMES
    aggregation: Aggregation | None = None
    clip: float = 0.0
    prior_odds: float | None = None
    forgeries: tuple[str, ...] = ()
    window_s: float = 0.0

    @classmethod
    def of(cls, model: ModelFolder) -> "Scorer":
        """Returns the scorer for the model in a folder."""
        described = model.description
        return cls(
            model.version,
            described.model_digest,
            described.decision_rule,
            described.sampling,
            described.frames,
            described.aggregation,
            described.calibration.clip,
            described.calibration.prior_odds,
            described.forgeries,
            trained_window_s(model),
        )

    def scored(self, records: Sequence[bytes], scored: Sequence[Scored]) -> Row:
        """Builds a video's row.

        Args:
            records: the serialized frame-feature examples of its clips, at least one, in any order; their features are
                not needed.
            scored: what the model says of each.
        """
        # Imported late: rows are also read without TensorFlow.
        import tensorflow as tf

        from components.examples import text_feature

        clips = sorted(zip(map(tf.train.Example.FromString, records), scored, strict=True), key=_place)
        video, worst = score_video([each for _, each in clips], self.aggregation, clip=self.clip)
        example = clips[worst][0]
        feature = example.features.feature
        frames = _frames(example)
        looked_at: dict[str, Any] = {
            "truncated": feature[features.DECODE_STATUS].bytes_list.value[0] == features.TRUNCATED,
            "face_status": text_feature(example, features.FACE_STATUS),
            "color": text_feature(example, features.COLOR),
            "sampled_as": text_feature(example, features.SAMPLED_AS),
            "crop_side": int(next(iter(feature[features.CROP_SIDE].int64_list.value), 0)),
        }
        windows = list(_windows(clips))
        duration_s = _number(example, features.VIDEO_END_S)
        not_looked_at = _gaps(windows, duration_s)
        notes = [note.decode() for note in feature[features.DECODE_NOTES].bytes_list.value]
        return Row(
            uri=text_feature(example, features.URI),
            **self._judged(video, clips=len(clips)),
            windows=windows,
            not_looked_at=not_looked_at,
            duration_s=duration_s,
            caution=cautions(
                **looked_at,
                frames=frames,
                model_frames=self.frames,
                sampling=self.sampling,
                notes=notes,
                parts_left_out=bool(not_looked_at),
                clips=len(clips),
                real_clips=self._real_clips,
            ),
            frames=sum(_frames(each) for each, _ in clips),
            **looked_at,
            frame_scores=[float(score) for score in video.frame_scores[:frames]],
            frame_timestamps_s=_times(example),
            content_digest=text_feature(example, features.CONTENT_DIGEST),
        )

    def scored_features(self, scored: Scored, frames: int) -> Row:
        """Builds the row of the features of some frames that came without a video."""
        return Row(
            uri="",
            **self._judged(scored),
            caution=cautions(frames=frames, model_frames=self.frames),
            frames=frames,
            frame_scores=[float(score) for score in scored.frame_scores[:frames]],
        )

    def unscored(self, refused: QuarantineRow) -> Row:
        """Builds the row of a video that could not be used."""
        return Row(
            uri=refused.uri,
            probability=None,
            verdict=Verdict.UNSCORED.value,
            reason=refused.reason,
            detail=refused.detail,
            truncated=refused.reason == Reason.TRUNCATED,
            content_digest=refused.content_digest,
            **self._model(),
        )

    @property
    def _real_clips(self) -> int | None:
        if self.aggregation is None or self.aggregation.rule == "mean" or self.aggregation.real_clips is None:
            return None
        return self.aggregation.real_clips.clips

    def _judged(self, scored: Scored, *, clips: int = 1) -> dict[str, Any]:
        return {
            "probability": scored.probability,
            "probability_std": scored.probability_std,
            # The score of several clips keeps a rate of false alarms, and is no posterior probability.
            "likelihood_ratio": _likelihood_ratio(scored.probability, self.prior_odds) if clips == 1 else None,
            "verdict": decide_verdict(scored.probability, self.decision_rule).value,
            **self._model(),
        }

    def _model(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "model_digest": self.model_digest,
            "model_forgeries": list(self.forgeries),
            "model_window_s": round(self.window_s, _DIGITS),
        }


def _likelihood_ratio(probability: float, prior_odds: float | None) -> float | None:
    if prior_odds is None or not 0 < probability < 1:
        return None
    return probability / (1 - probability) / prior_odds


def without_features(record: bytes) -> bytes:
    """Returns a serialized frame-feature example with all that a row needs, which is a small part of it."""
    import tensorflow as tf

    example = tf.train.Example.FromString(record)
    example.features.feature.pop(features.FRAME_FEATURES)
    return example.SerializeToString()


_Clip = tuple["tf.train.Example", Scored]


def _windows(clips: Sequence[_Clip]) -> Iterator[WindowRow]:
    """Yields the windows of clips that are in order; none if they do not tell them, as those of earlier versions."""
    told = [clip for clip in clips if clip[0].features.feature[features.WINDOW_END_S].float_list.value]
    for (start_s, end_s), members in itertools.groupby(told, key=lambda clip: _span(clip[0])):
        of_window = list(members)
        yield WindowRow(
            start_s=start_s,
            end_s=end_s,
            probability=max(scored.probability for _, scored in of_window),
            faces=[_face(example, scored) for example, scored in of_window if _track(example)],
        )


def _face(example: "tf.train.Example", scored: Scored) -> FaceRow:
    boxes = example.features.feature[features.FACE_BOXES].float_list.value
    rounded = [round(value, _BOX_DIGITS) for value in boxes[: 4 * _frames(example)]]
    return FaceRow(
        face=_track(example),
        probability=scored.probability,
        times_s=_times(example),
        boxes=[rounded[start : start + 4] for start in range(0, len(rounded), 4)],
    )


def _gaps(windows: Sequence[WindowRow], duration_s: float) -> list[list[float]]:
    """Returns the spans of a video that no window covers; none if it is not known how long it is."""
    seen, gaps = 0.0, []
    for start_s, end_s in [*((window.start_s, window.end_s) for window in windows), (duration_s, duration_s)]:
        if windows and start_s - seen > _GAP_S:
            gaps.append([seen, start_s])
        seen = max(seen, end_s)
    return gaps


def _place(clip: _Clip) -> tuple[float, float, int]:
    return *_span(clip[0]), _track(clip[0])


def _span(example: "tf.train.Example") -> tuple[float, float]:
    start_s, end_s = (_number(example, name) for name in (features.WINDOW_START_S, features.WINDOW_END_S))
    return start_s, end_s


def _track(example: "tf.train.Example") -> int:
    return int(next(iter(example.features.feature[features.FACE_TRACK].int64_list.value), 0))


def _number(example: "tf.train.Example", name: str) -> float:
    # Imported late, as in `Scorer.scored`.
    from components.examples import number_feature

    return round(number_feature(example, name), _DIGITS)


def _frames(example: "tf.train.Example") -> int:
    return int(example.features.feature[features.FRAMES_DECODED].int64_list.value[0])


def _times(example: "tf.train.Example") -> list[float]:
    times = example.features.feature[features.FRAME_TIMESTAMPS_S].float_list.value[: _frames(example)]
    return [round(time, _DIGITS) for time in times]
