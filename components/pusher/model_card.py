"""The model card: intended use, performance by slice, and provenance; after Mitchell et al. (2019)."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

import jinja2

from components.pusher.settings import CardSettings
from components.served_model.description import Description
from components.whole_files import write_whole

CARD_JSON: Final = "assets.extra/model_card.json"
CARD_MARKDOWN: Final = "assets.extra/model_card.md"

_LIMITS: Final = (
    "It knows the kinds of forgery that it was trained on. On other kinds, and on videos from elsewhere, it is worse.",
    "Its probabilities hold for the share of fakes that the training data have.",
    "A score is a reason to look closer, and no proof; an inconclusive video has no verdict.",
    "The score of a frame is no measure of how forged that frame is.",
)


def make_card(
    settings: CardSettings,
    description: Description,
    evaluation: Mapping[str, Any],
    decision: Mapping[str, Any],
    serving: Mapping[str, Any],
    cross_validation: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Collects the card's content.

    Args:
        settings: what only people can supply.
        description: the model's `model.json`.
        evaluation: `metrics.json`.
        decision: `decision.json`.
        serving: `serving_check.json`.
        cross_validation: `cross_validation.json`, if the run made one.
    """
    model = (
        *("model_digest", "threshold", "inconclusive_band", "frames", "sampling", "crop", "hdr"),
        *("frame_score", "trainer"),
    )
    described = description.model_dump(mode="json")
    encoder = ("weights", "precision", "fingerprint")
    limits = [*_LIMITS, *filter(None, [settings.limits])]
    if evaluation["synthetic"]:
        limits.insert(0, "It was tested on synthetic videos: its figures say nothing of real forgeries.")
    return {
        "model": {
            **{key: described[key] for key in model},
            "encoder": {key: described["encoder"][key] for key in encoder},
            "calibration": description.calibration.method,
        },
        "intended_use": settings.intended_use,
        "limits": limits,
        "license": settings.license or None,
        "data_license": settings.data_license or None,
        "contact": settings.contact or None,
        "data": {"fingerprint": description.data_fingerprint or None, "synthetic": evaluation["synthetic"]},
        "evaluation": dict(evaluation),
        "cross_validation": dict(cross_validation) if cross_validation else None,
        "decision": dict(decision),
        "serving": {key: serving[key] for key in ("passed", "latency_ms", "peak_memory_mb", "tensorflow")},
    }


def write_card(model_path: str, card: Mapping[str, Any]) -> None:
    """Writes the card next to the SavedModel at `model_path`, as JSON and as Markdown."""
    for name, text in ((CARD_JSON, json.dumps(card, indent=2)), (CARD_MARKDOWN, render_card(card))):
        write_whole(os.path.join(model_path, name), text.encode())


def render_card(card: Mapping[str, Any]) -> str:
    """Returns the card as Markdown."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("components.pusher", "templates"),
        # The output is Markdown, not HTML; `cell` escapes values that come from the data.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"number": _number, "cell": _cell}
    return environment.get_template("model_card.md.jinja").render(card)


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _cell(value: object) -> str:
    text = " ".join(str(value).split())
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return text
