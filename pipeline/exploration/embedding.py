"""Embeds the report's charts and pages, and GIFs, in a notebook, isolating their styles from the notebook's."""

import base64
import pathlib
from collections.abc import Mapping

from markupsafe import Markup

from components.report_gen.standalone_svg import standalone_svg


def figures_html(figures: Mapping[str, Markup], note: str = "", *, width: int = 380) -> Markup:
    """Returns charts side by side.

    Args:
        figures: SVGs by caption, as the report draws them.
        note: a text above them.
        width: the most pixels that each takes.
    """
    shown = Markup("").join(_figure(caption, figure, width) for caption, figure in figures.items())
    return Markup('<p>{}</p><div style="display: flex; flex-wrap: wrap; gap: 1em">{}</div>').format(note, shown)


def page_html(page: str, *, height: int = 720) -> Markup:
    """Returns an HTML page in an iframe with this height in pixels."""
    # IPython warns about HTML that is nothing but an iframe.
    return Markup(
        '<div><iframe srcdoc="{}" style="width: 100%; height: {}px; border: 1px solid #8884"></iframe></div>'
    ).format(page, height)


def gif_html(path: str) -> Markup:
    """Returns a GIF embedded in the page, so that it also moves in notebooks converted to HTML."""
    encoded = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    return Markup('<img src="data:image/gif;base64,{}" alt="{}">').format(encoded, pathlib.Path(path).name)


def _figure(caption: str, figure: Markup, width: int) -> Markup:
    uri = f"data:image/svg+xml;base64,{base64.b64encode(standalone_svg(figure).encode()).decode()}"
    return Markup(
        '<figure style="margin: 0; width: {0}px; max-width: 100%"><img src="{1}" alt="{2}" width="{0}">'
        "<figcaption>{2}</figcaption></figure>"
    ).format(width, uri, caption)
