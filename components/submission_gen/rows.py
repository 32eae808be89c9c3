"""The result rows, one per video, and the files they are written to."""

import dataclasses
import io
import json
import os
from collections.abc import Sequence
from typing import Any, Final, Literal

from components import features
from components.csv_lines import csv_lines
from components.errors import UserError
from components.json_lines import json_line
from components.metrics.decision_rule import DecisionRule
from components.output_files import write_output
from components.quarantine import QuarantineRow
from components.served_model.folder import ModelFolder
from components.served_model.scored import Scored
from components.submission_gen.caution import Caution, cautions
from components.submission_gen.verdict import Verdict, decide_verdict
from components.video_decoding.sampling import Sampling
from components.video_errors import Reason

InTraining = Literal["true", "false", "unknown"]
KnownBy = Literal["", "digest", "group"]

FORMS: Final = (".csv", ".jsonl", ".parquet")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """The result for one video; each input video has exactly one.

    Fields that do not apply, or that earlier versions did not write, have their defaults.

    Attributes:
        uri: as it was found.
        probability: of FAKE, calibrated; None if it could not be scored.
        probability_std: standard deviation of the probabilities of the model's members, 0 for a single one; None if it
            could not be scored, or the model is of an earlier version.
        verdict: a value of `Verdict`.
        caution: why the score is less reliable than others.
        reason: why it could not be scored, from the closed list of reasons; empty if it was.
        detail: a human-readable explanation of the reason.
        frames: number of frames that the model scored.
        truncated: whether parts of the video are missing or damaged.
        face_status: the result of the face crop.
        color: how the colours were converted; empty if unknown.
        sampled_as: the sampling that was used; empty if unknown.
        crop_side: side of the cropped square in pixels, before resizing; 0 if unknown.
        frame_scores: one per frame; their meaning is `frame_score` in the model's description.
        frame_timestamps_s: seconds since the start.
        content_digest: SHA-256 of the file; empty if it could not be scored.
        in_training: whether the model was trained on the video, or on one of its group, as words in every format.
        known_by: what tells that it was: the same bytes (`digest`), or its group.
        model: the version folder's name.
        model_digest: of the model's description.
    """

    uri: str
    probability: float | None
    probability_std: float | None = None
    verdict: str
    caution: list[Caution] = dataclasses.field(default_factory=list)
    reason: str = ""
    detail: str = ""
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


@dataclasses.dataclass(frozen=True)
class Scorer:
    """Builds the rows of one model, which takes `frames` frames of a video, sampled by `sampling`."""

    model: str
    model_digest: str
    decision_rule: DecisionRule
    sampling: Sampling = "uniform"
    frames: int = features.FRAMES

    @classmethod
    def of(cls, model: ModelFolder) -> "Scorer":
        """Returns the scorer for the model in a folder."""
        described = model.description
        rule = described.decision_rule
        return cls(model.version, described.model_digest, rule, described.sampling, described.frames)

    def scored(self, record: bytes, scored: Scored) -> Row:
        """Builds the row of a serialized frame-feature example from what the model says of it."""
        # Imported late: rows are also read, and their form is checked, without TensorFlow.
        import tensorflow as tf

        from components.examples import text_feature

        example = tf.train.Example.FromString(record)
        feature = example.features.feature
        frames = int(feature[features.FRAMES_DECODED].int64_list.value[0])
        timestamps = feature[features.FRAME_TIMESTAMPS_S].float_list.value[:frames]
        looked_at: dict[str, Any] = {
            "frames": frames,
            "truncated": feature[features.DECODE_STATUS].bytes_list.value[0] == features.TRUNCATED,
            "face_status": text_feature(example, features.FACE_STATUS),
            "color": text_feature(example, features.COLOR),
            "sampled_as": text_feature(example, features.SAMPLED_AS),
            "crop_side": int(next(iter(feature[features.CROP_SIDE].int64_list.value), 0)),
        }
        notes = [note.decode() for note in feature[features.DECODE_NOTES].bytes_list.value]
        return Row(
            uri=text_feature(example, features.URI),
            **self._judged(scored),
            caution=cautions(**looked_at, model_frames=self.frames, sampling=self.sampling, notes=notes),
            **looked_at,
            frame_scores=[float(score) for score in scored.frame_scores[:frames]],
            frame_timestamps_s=[round(time, 3) for time in timestamps],
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
            model=self.model,
            model_digest=self.model_digest,
        )

    def _judged(self, scored: Scored) -> dict[str, Any]:
        return {
            "probability": scored.probability,
            "probability_std": scored.probability_std,
            "verdict": decide_verdict(scored.probability, self.decision_rule).value,
            "model": self.model,
            "model_digest": self.model_digest,
        }


def require_known_format(path: str) -> None:
    """Rejects a file whose extension is not a known format.

    Raises:
        UserError: naming the known formats.
    """
    if os.path.splitext(path)[1].lower() not in FORMS:
        raise UserError(f"--out {path}: the form is not known; give a name that ends in {', '.join(FORMS)}")


def write_rows(path: str, rows: Sequence[Row]) -> None:
    """Writes all rows atomically, in the format given by the extension.

    In CSV, lists are JSON and unknown values are empty; in Parquet, lists stay lists.
    """
    form = os.path.splitext(path)[1].lower()
    content = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}[form](rows)
    write_output(path, content)


def _json_lines(rows: Sequence[Row]) -> bytes:
    return "".join(f"{json_line(row)}\n" for row in rows).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    table = [[field.name for field in dataclasses.fields(Row)]]
    table += [
        [json.dumps(value) if isinstance(value, list | bool) else value for value in dataclasses.asdict(row).values()]
        for row in rows
    ]
    return csv_lines(table).encode()


def _parquet(rows: Sequence[Row]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        "probability": pa.float64(),
        "probability_std": pa.float64(),
        "caution": pa.list_(pa.string()),
        "frames": pa.int64(),
        "truncated": pa.bool_(),
        "crop_side": pa.int64(),
        "frame_scores": pa.list_(pa.float64()),
        "frame_timestamps_s": pa.list_(pa.float64()),
    }
    schema = pa.schema([(field.name, kinds.get(field.name, pa.string())) for field in dataclasses.fields(Row)])
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(map(dataclasses.asdict, rows)), schema=schema), buffer)
    return buffer.getvalue()
