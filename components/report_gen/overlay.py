"""Draws an occlusion map over a frame."""

import dataclasses

import numpy as np
from markupsafe import Markup

from components.report_gen.filmstrip import jpeg_uri
from components.report_gen.occlusion import Occlusion
from components.video_decoding.clip import Clip

_LEAST = 0.005


@dataclasses.dataclass(frozen=True)
class Overlay:
    """A picture, its caption, and whether any grid cell is marked in it."""

    svg: Markup
    caption: str
    marked: bool


def draw_overlay(clip: Clip, occlusion: Occlusion) -> Overlay:
    """Draws the clip's middle frame with each grid cell marked by the effect of covering it."""
    frame = clip.frames[len(clip.frames) // 2]
    size = frame.shape[0]
    drops = occlusion.drops
    most = float(np.abs(drops).max())
    places = [
        _place(occlusion, row, column, float(drops[row, column]) / most)
        for row, column in np.ndindex(drops.shape)
        if abs(drops[row, column]) >= _LEAST
    ]
    row, column = np.unravel_index(np.abs(drops).argmax(), drops.shape)
    caption = (
        f"Covering row {row + 1}, column {column + 1} of {len(drops)} changes it most: {occlusion.probability:.3f} "
        f"becomes {occlusion.covered[row, column]:.3f}."
        if places
        else "Covering any single place changes next to nothing."
    )
    svg = Markup(
        '<svg class="overlay" viewBox="0 0 {0} {0}" role="img" aria-label="Overlay. {1}"><image href="{2}" '
        'width="{0}" height="{0}"/>{3}</svg>'
    ).format(size, caption, jpeg_uri(frame, size), Markup("").join(places))
    return Overlay(svg, caption, bool(places))


def _place(occlusion: Occlusion, row: int, column: int, share: float) -> Markup:
    top, bottom = occlusion.edges[row : row + 2]
    left, right = occlusion.edges[column : column + 2]
    return Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill-opacity="{:.2f}"><title>{:.3f}</title></rect>'
    ).format(
        "for-fake" if share > 0 else "for-real",
        left,
        top,
        right - left,
        bottom - top,
        0.7 * abs(share),
        occlusion.covered[row, column],
    )
