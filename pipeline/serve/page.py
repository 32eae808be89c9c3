"""The upload page."""

import functools
from typing import Final

import jinja2
from markupsafe import Markup

from components.report_gen.rendering import source_digest, template_text
from components.served_model.folder import ModelFolder
from pipeline.serve.requests.limits import Limits
from pipeline.serve.requests.uploads import FIELD


@functools.cache
def _text(name: str) -> str:
    return _ENVIRONMENT.loader.get_source(_ENVIRONMENT, name)[0]  # type: ignore[union-attr]


_ENVIRONMENT: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("pipeline.serve", "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)
_SCRIPT: Final = template_text("windows.js") + _text("upload.js")
_DIGEST: Final = source_digest(_SCRIPT)
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; script-src 'sha256-{_DIGEST}'; style-src 'unsafe-inline'; connect-src 'self'; "
    "media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def upload_page(model: ModelFolder, limits: Limits) -> str:
    """Returns the page as HTML that sends requests to nothing but `/score` and `/jobs`."""
    style = template_text("figures.css") + template_text("report.css") + template_text("windows.css")
    style += _text("upload.css")
    return _ENVIRONMENT.get_template("upload.html").render(
        style=Markup(style),
        script=Markup(_SCRIPT),
        field=FIELD,
        version=model.version,
        synthetic=model.synthetic,
        limits=model.limits,
        most_bytes=limits.upload_bytes,
    )
