"""`--explain`: a self-contained page on one video and what the model makes of it."""

import os
from typing import Final, Literal, cast

from components.frame_feature_gen.settings import ExtractionSettings
from components.output_files import write_output
from components.report_gen.explanation import Explanation, render_explanation
from components.report_gen.figures import timeline_figure
from components.report_gen.filmstrip import pick_frames
from components.report_gen.occlusion import load_frames_signature, occlude
from components.report_gen.overlay import draw_overlay
from components.served_model.folder import ModelFolder
from components.submission_gen.caution import CAUTION_IN_WORDS
from components.submission_gen.in_training import in_words
from components.submission_gen.rows import Row
from components.submission_gen.spans import Span
from components.submission_gen.verdict import IN_WORDS, Verdict, ranges_in_words, share_of_fakes_in_words
from components.submission_gen.windows_data import windows_data
from components.video_decoding.files import local_copy
from pipeline.score.explain.frames import sampled_clip
from pipeline.score.explain.playable import make_playable
from pipeline.terminal.scores import evidence_in_words, frames_in_words, spread_in_words, windows_in_words

_BEFORE_S: Final = 10.0


def write_explanation(path: str, row: Row, model: ModelFolder, settings: ExtractionSettings) -> None:
    """Decodes the frames again, scores them with parts covered, and writes the page.

    Args:
        path: path of the page.
        row: the row of a video with a score.
        model: the model that scored it.
        settings: the settings that the video was scored with.

    Raises:
        UserError: if no frame can be decoded any more.
    """
    assert row.probability is not None, "the video has a score"
    described = model.description
    with local_copy(row.uri) as local:
        clip = sampled_clip(local, row, settings, option=f"--explain {path}")
        playable = make_playable(local, start_s=_preview_start(row), timeout_s=settings.timeout_s)
    explanation = Explanation(
        name=os.path.basename(row.uri),
        verdict=cast(Literal["REAL", "FAKE", "INCONCLUSIVE"], row.verdict),
        in_words=IN_WORDS[Verdict(row.verdict)],
        probability=row.probability,
        meaning=[
            _sentence(ranges_in_words(described.decision_rule)),
            _sentence(share_of_fakes_in_words(row.probability, model.card)),
        ],
        synthetic=model.synthetic,
        cautions=[_sentence(CAUTION_IN_WORDS[each]) for each in row.caution],
        playable=playable,
        windows=windows_data(row, described.threshold, start_s=playable.start_s, end_s=playable.end_s),
        span=_span(row),
        frames=pick_frames(clip, row.frame_scores),
        timeline=timeline_figure(row.frame_timestamps_s, row.frame_scores, described.threshold, "seconds"),
        count=len(row.frame_scores),
        overlay=draw_overlay(clip, occlude(load_frames_signature(model.path), clip, described.frames)),
        frame_score=described.frame_score,
        facts={
            "Video": row.uri,
            "Frames": frames_in_words(row),
            **({"Evidence": _sentence(evidence_in_words(row.likelihood_ratio))} if row.likelihood_ratio else {}),
            **({"Members": _sentence(spread_in_words(row))} if row.probability_std else {}),
            **({"Windows": _sentence(windows_in_words(row))} if len(row.windows) > 1 else {}),
            "Training": _sentence(in_words(row)),
            "Sound": "Not examined.",
            "File": f"SHA-256 {row.content_digest}",
            "Sampling and crop": f"{described.sampling}, {described.crop}",
            "Model": f"{row.model}, {row.model_digest[:12]}",
        },
        limits=model.limits,
    )
    write_output(path, render_explanation(explanation).encode())


def _span(row: Row) -> str:
    if len(row.windows) < 2 or row.heaviest is None:
        return ""
    window, face = row.heaviest
    return Span(window.start_s, window.end_s, face.face if face else 0, window.probability).in_words()


def _preview_start(row: Row) -> float:
    """Returns where a preview starts that is shorter than the video: somewhat before the window that weighs most."""
    return max(row.heaviest[0].start_s - _BEFORE_S, 0.0) if row.heaviest else 0.0


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
