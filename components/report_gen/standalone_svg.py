"""A chart of the report as a standalone file."""

from typing import Final

from markupsafe import Markup

from components.report_gen.rendering import template_text

_NAMESPACE: Final = 'xmlns="http://www.w3.org/2000/svg"'
_OF_THE_FILE: Final = "svg { background: var(--paper); font-family: system-ui, sans-serif; }"


def standalone_svg(figure: Markup) -> Markup:
    """Returns a chart as an SVG file with the part of the report's style that it needs."""
    opening, closing, rest = str(figure).partition(">")
    start = opening.replace("<svg", f"<svg {_NAMESPACE}", 1)
    return Markup(f"{start}{closing}<style>{template_text('figures.css')}{_OF_THE_FILE}</style>{rest}")
