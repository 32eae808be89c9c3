"""Renders a report as one self-contained HTML file."""

import base64
import functools
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from components.report_gen.evaluation import SLICE_METRICS
from components.report_gen.inputs import ReportSettings, SourceArtifacts
from components.report_gen.threshold_explorer import SCALE

if TYPE_CHECKING:
    from components.report_gen.content import Content

REPORT_FILE = "index.html"


def make_report(sources: SourceArtifacts, settings: ReportSettings) -> str:
    """Returns the whole page of one run as HTML.

    Raises:
        FileNotFoundError: if an artifact that every run has is missing.
    """
    # Imported late, as it loads TensorFlow; pages of other things are rendered here, too.
    from components.report_gen.content import gather

    return render(gather(sources, settings))


def render(content: "Content") -> str:
    """Returns the report page as HTML."""
    return render_template("report.html", content=content, slice_metrics=SLICE_METRICS, scale=SCALE)


def render_template(
    name: str,
    *,
    scripts: Sequence[str] = ("report.js",),
    styles: Sequence[str] = ("figures.css", "report.css"),
    **values: Any,
) -> str:
    """Renders a template with the page's styles and scripts inlined."""
    script, style = ("".join(map(template_text, names)) for names in (scripts, styles))
    template = _environment().get_template(name)
    # The Content-Security-Policy allows this script only, so a video's name cannot inject another.
    digest = source_digest(script)
    return template.render(style=Markup(style), script=Markup(script), script_digest=digest, **values)


def source_digest(script: str) -> str:
    """Returns the SHA-256 of a script, in Base64, as a Content-Security-Policy states it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def template_text(name: str) -> str:
    """Returns a template's source."""
    loader = _environment().loader
    assert loader is not None, "templates have a loader"
    return loader.get_source(_environment(), name)[0]


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("components.report_gen", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": _number,
        "share": _share,
        "with_interval": _with_interval,
        "metric": _metric,
        "sentence": _sentence,
    }
    return environment


def _number(value: float | None, digits: int = 3) -> str:
    return "undefined" if value is None else f"{value:.{digits}f}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _metric(name: str) -> str:
    return "AUC" if name == "auc" else name.replace("_", " ")


def _share(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.1%}"


def _with_interval(estimate: dict[str, float | None]) -> str:
    if estimate["value"] is None:
        return "undefined"
    return f"{estimate['value']:.3f} ({_number(estimate['low'])} to {_number(estimate['high'])})"
