"""One video, and what a model says of it."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

from markupsafe import Markup

from components.report_gen.filmstrip import Frame
from components.report_gen.overlay import Overlay
from components.report_gen.rendering import render_template


@dataclasses.dataclass(frozen=True)
class PlayableVideo:
    """A video for a page.

    Attributes:
        uri: a data uri; empty if there is nothing to play.
        note: what was done to it, or why there is nothing; empty if it is the very file.
    """

    uri: str
    note: str


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What the page shows.

    Attributes:
        name: of the video.
        verdict: on it.
        in_words: the verdict.
        probability: that it is fake, 0 to 1.
        meaning: sentences on what such a probability means.
        synthetic: whether the model was tested on drawn videos.
        cautions: sentences on why the score deserves less trust than others.
        playable: the video.
        frames: some of those that the model looked at.
        timeline: the scores of all of them.
        count: how many they are.
        overlay: where the evidence sits.
        frame_score: what the score of a frame is, as the model's description says.
        facts: of the video and the model, by their names.
        limits: of the model, as its card says.
    """

    name: str
    verdict: Literal["REAL", "FAKE", "INCONCLUSIVE"]
    in_words: str
    probability: float
    meaning: Sequence[str]
    synthetic: bool
    cautions: Sequence[str]
    playable: PlayableVideo
    frames: Sequence[Frame]
    timeline: Markup
    count: int
    overlay: Overlay
    frame_score: str
    facts: Mapping[str, str]
    limits: Sequence[str]


def render_explanation(explanation: Explanation) -> str:
    """The page, as HTML."""
    return render_template("explanation.html", shown=explanation)
