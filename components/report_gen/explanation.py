"""The page that explains a model's verdict on one video."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from markupsafe import Markup

from components.report_gen.filmstrip import Frame
from components.report_gen.overlay import Overlay
from components.report_gen.rendering import render_template


@dataclasses.dataclass(frozen=True)
class PlayableVideo:
    """A video embedded in a page.

    Attributes:
        uri: a data uri; empty if there is nothing to play.
        note: how it was converted, or why there is nothing; empty if it is the original file.
        start_s: where in the original it starts.
        end_s: where it ends at the latest.
    """

    uri: str
    note: str
    start_s: float = 0.0
    end_s: float = math.inf


@dataclasses.dataclass(frozen=True)
class Explanation:
    """The content of the page.

    Attributes:
        name: of the video.
        verdict: on the video.
        in_words: the verdict as text.
        probability: of FAKE, 0 to 1.
        meaning: sentences on what such a probability means.
        synthetic: whether the model was tested on synthetic videos.
        cautions: sentences on why the score is less reliable than others.
        playable: the video.
        windows: of `windows_data`, if there are several, or faces in them; else None.
        span: where the frames are from, in words; empty if they are of the whole video.
        frames: some of the frames that the model scored.
        timeline: the scores of all of them.
        count: their number.
        overlay: the occlusion map.
        frame_score: what a frame's score is, from the model's description.
        facts: about the video and the model, by name.
        limits: of the model, from its card.
    """

    name: str
    verdict: Literal["REAL", "FAKE", "INCONCLUSIVE"]
    in_words: str
    probability: float
    meaning: Sequence[str]
    synthetic: bool
    cautions: Sequence[str]
    playable: PlayableVideo
    windows: Mapping[str, Any] | None
    span: str
    frames: Sequence[Frame]
    timeline: Markup
    count: int
    overlay: Overlay
    frame_score: str
    facts: Mapping[str, str]
    limits: Sequence[str]


def render_explanation(explanation: Explanation) -> str:
    """Returns the page as HTML."""
    return render_template(
        "explanation.html",
        scripts=("report.js", "windows.js", "explanation.js"),
        styles=("figures.css", "report.css", "windows.css"),
        shown=explanation,
    )
