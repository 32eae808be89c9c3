"""The service's answer for a video: the row that `deepfake score` writes, with explanations."""

import dataclasses
import re
from typing import Any, ClassVar, Final

import pydantic

from components.served_model.folder import ModelFolder
from components.submission_gen.caution import CAUTION_IN_WORDS
from components.submission_gen.in_training import in_words
from components.submission_gen.rows import Row
from components.submission_gen.verdict import IN_WORDS, Verdict, ranges_in_words, share_of_fakes_in_words
from components.submission_gen.windows_data import spans_data
from pipeline.serve.jobs import Job, State

_REASONS: Final = {
    "missing": "the file is not there",
    "too_large": "it is too large to be decoded",
    "unreadable_container": "the file cannot be read as a video",
    "not_a_video": "the file is no video",
    "no_video_stream": "the file has no pictures in it",
    "unsupported_codec": "it is encoded in a way that is not known here",
    "no_frames": "no frame of it can be decoded",
    "truncated": "too much of it is missing or damaged",
    "timeout": "decoding it took too long",
    "crashed": "the decoder broke down on it",
    "changed": "the file was replaced while it was looked at",
}
_ERROR_NUMBER: Final = re.compile(r"\[Errno -?\d+\] ")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer(Row):
    """A row, explained.

    Attributes:
        in_words: the verdict.
        caution_in_words: a sentence for each caution, in the same order.
        in_training_in_words: whether the model was trained on the video.
        reason_in_words: why there is no score; empty if there is one.
        ranges: from which probability on a video is called what.
        threshold: the probability that tells fake from real.
        test: what became of the model's test videos with such a score; empty if there is no score.
        frame_score: what the score of a frame is.
        spans: those of several windows that lean to fake, the worst first: where they start, and in words.
        synthetic: whether the model was tested on drawn videos, so that its figures say nothing of real forgeries.
    """

    __pydantic_config__: ClassVar = pydantic.ConfigDict(json_schema_serialization_defaults_required=True)

    in_words: str
    caution_in_words: list[str]
    in_training_in_words: str
    reason_in_words: str
    ranges: str
    threshold: float
    test: str
    frame_score: str
    spans: list[dict[str, Any]]
    synthetic: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobAnswer:
    """How far a job is.

    Attributes:
        id: of the job.
        state: what it is doing; when it has failed, `failure` says why.
        seconds: how much of the video has been looked at.
        of_seconds: how long the video claims to be; 0 if that is not known, or not yet.
        failure: one line; empty unless it failed.
        answer: what the model says, once it is done.
    """

    id: str
    state: State
    seconds: float
    of_seconds: float
    failure: str
    answer: Answer | None


def job_answer(job: Job, model: ModelFolder) -> JobAnswer:
    """Tells how far a job is."""
    return JobAnswer(
        id=job.id,
        state=job.state,
        seconds=round(job.progress.seconds, 3),
        of_seconds=round(job.progress.of_seconds, 3),
        failure=job.failure,
        answer=answer(job.row, model) if job.row else None,
    )


def answer(row: Row, model: ModelFolder) -> Answer:
    """Explains a row of this model."""
    decision_rule = model.description.decision_rule
    told = dataclasses.replace(row, detail=_ERROR_NUMBER.sub("", row.detail))
    return Answer(
        **dataclasses.asdict(told),
        in_words=IN_WORDS[Verdict(row.verdict)],
        caution_in_words=[CAUTION_IN_WORDS[each] for each in row.caution],
        in_training_in_words=in_words(told),
        reason_in_words=_REASONS.get(row.reason, row.reason.replace("_", " ")),
        ranges=ranges_in_words(decision_rule),
        threshold=decision_rule.threshold,
        test="" if row.probability is None else share_of_fakes_in_words(row.probability, model.card),
        frame_score=model.description.frame_score,
        spans=spans_data(row, decision_rule.threshold),
        synthetic=model.synthetic,
    )
