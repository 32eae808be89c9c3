"""Renders the few videos that the report shows."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from components.report_gen.figures import timeline_figure
from components.report_gen.filmstrip import Frame, Strip, choose, read_strips
from components.report_gen.inputs import ReportSettings
from components.report_gen.occlusion import load_frames_signature, occlude
from components.report_gen.overlay import Overlay, draw_overlay
from components.report_gen.scored_videos import ScoredVideo
from components.served_model.description import Description


@dataclasses.dataclass(frozen=True)
class ShownVideo:
    """One shown video.

    Attributes:
        kind: why it is shown.
        video: the model's prediction.
        problem: why its frames cannot be shown; empty if they can.
        frames: some of them.
        timeline: the scores of all its frames.
        overlay: the occlusion map; None if it was not computed.
    """

    kind: str
    video: ScoredVideo
    problem: str
    frames: list[Frame]
    timeline: Markup
    overlay: Overlay | None


def show_videos(
    scored: Sequence[ScoredVideo],
    model_path: str,
    description: Description,
    extraction: Mapping[str, Any],
    settings: ReportSettings,
) -> list[ShownVideo]:
    """Decodes and renders the worst errors and the most certain correct verdicts.

    Args:
        scored: all videos of the test split.
        model_path: path of the served model.
        description: its `model.json`.
        extraction: the section of the config.
        settings: how many videos are shown, and where they are.
    """
    threshold = description.threshold
    strips = read_strips(choose(scored, threshold, settings.filmstrips), settings.data_root, description, extraction)
    overlays = _overlays(strips, model_path, description.frames, settings.overlays)
    return [
        ShownVideo(
            kind=strip.kind,
            video=strip.video,
            problem=strip.problem,
            frames=strip.frames,
            timeline=timeline_figure(*strip.timeline[:2], threshold, strip.timeline[2]),
            overlay=overlays.get(strip.video.video_id),
        )
        for strip in strips
    ]


def _overlays(strips: Sequence[Strip], model_path: str, length: int, count: int) -> dict[str, Overlay]:
    """Returns the overlays by video id; the first video of each kind takes precedence."""
    first = {strip.kind: strip for strip in reversed(strips)}
    by_turn = sorted(strips, key=lambda strip: first[strip.kind] is not strip)
    wanted = [strip for strip in by_turn if strip.clip is not None][:count]
    if not wanted:
        return {}
    serve = load_frames_signature(model_path)
    return {
        strip.video.video_id: draw_overlay(strip.clip, occlude(serve, strip.clip, length))
        for strip in wanted
        if strip.clip is not None
    }
