"""What the service answers on a video: the row that `deepfake score` writes, and what it means."""

import dataclasses
from typing import ClassVar

import pydantic

from components.submission_gen.caution import CAUTION_IN_WORDS
from components.submission_gen.rows import Row
from components.submission_gen.verdict import IN_WORDS, Verdict, ranges_in_words, share_of_fakes_in_words
from components.trainer.model_folder import ModelFolder


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer(Row):
    """A row, explained.

    Attributes:
        in_words: the verdict.
        caution_in_words: a sentence for each caution, in the same order.
        ranges: from which probability on a video is called what.
        test: what became of the model's test videos with such a score; empty if there is no score.
        frame_score: what the score of a frame is.
        synthetic: whether the model was tested on drawn videos, so that its figures say nothing of real forgeries.
    """

    __pydantic_config__: ClassVar = pydantic.ConfigDict(json_schema_serialization_defaults_required=True)

    in_words: str
    caution_in_words: list[str]
    ranges: str
    test: str
    frame_score: str
    synthetic: bool


def answer(row: Row, model: ModelFolder) -> Answer:
    """Explains a row of this model."""
    return Answer(
        **dataclasses.asdict(row),
        in_words=IN_WORDS[Verdict(row.verdict)],
        caution_in_words=[CAUTION_IN_WORDS[each] for each in row.caution],
        ranges=ranges_in_words(model.description.judgement),
        test="" if row.probability is None else share_of_fakes_in_words(row.probability, model.card),
        frame_score=model.description.frame_score,
        synthetic=model.synthetic,
    )
