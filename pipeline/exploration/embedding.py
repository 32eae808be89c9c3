"""Charts and whole pages of the report as HTML for a notebook, whose styles must not meet the notebook's own; GIFs."""

import base64
import pathlib
from collections.abc import Mapping

from markupsafe import Markup

from components.report_gen.standalone_svg import standalone_svg


def figures_html(figures: Mapping[str, Markup], note: str = "", *, width: int = 380) -> Markup:
    """Charts beside each other.

    Args:
        figures: by their captions, as the report draws them.
        note: what must be known to read them.
        width: of each, in pixels; on a narrow page less.
    """
    shown = Markup("").join(_figure(caption, figure, width) for caption, figure in figures.items())
    return Markup('<p>{}</p><div style="display: flex; flex-wrap: wrap; gap: 1em">{}</div>').format(note, shown)


def page_html(page: str, *, height: int = 720) -> Markup:
    """A whole HTML page in a frame of this height in pixels."""
    # IPython warns of HTML that is nothing but a frame.
    return Markup(
        '<div><iframe srcdoc="{}" style="width: 100%; height: {}px; border: 1px solid #8884"></iframe></div>'
    ).format(page, height)


def gif_html(path: str) -> Markup:
    """A GIF within the page, moving in notebooks that are converted to HTML, too."""
    encoded = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    return Markup('<img src="data:image/gif;base64,{}" alt="{}">').format(encoded, pathlib.Path(path).name)


def _figure(caption: str, figure: Markup, width: int) -> Markup:
    uri = f"data:image/svg+xml;base64,{base64.b64encode(standalone_svg(figure).encode()).decode()}"
    return Markup(
        '<figure style="margin: 0; width: {0}px; max-width: 100%"><img src="{1}" alt="{2}" width="{0}">'
        "<figcaption>{2}</figcaption></figure>"
    ).format(width, uri, caption)
