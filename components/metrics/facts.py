"""Facts about a video, other than its label, as slice values."""

import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from components import features

if TYPE_CHECKING:
    # A config names the columns, and is read without TensorFlow.
    import tensorflow as tf

COLUMNS: Final = ("resolution", "codec", "fps", "duration", "face_status", "frames_decoded")
"""The columns that every data set has, in addition to those of metadata.json, `meta/*`."""

TEXT_COLUMNS: Final = ("codec", "face_status")
"""Those whose values are taken unchanged from the examples, like `meta/*`."""

# Between common values, so that rounding does not decide: 29.97 and 30, 10.0 and 10.02 seconds, 1078 and 1080 lines.
_SHORT_SIDE_PIXELS: Final = (400, 640, 1000, 1600)
_FPS: Final = (20, 27, 40)
_SECONDS: Final = (3, 8, 20, 60)
_FRAMES: Final = (10, features.FRAMES)


def facts(example: "tf.train.Example") -> dict[str, str]:
    """Returns the values of a frame-feature example by column; unknown ones are left out."""
    feature = example.features.feature

    def number(name: str) -> float | None:
        if name not in feature:
            return None
        values = feature[name].int64_list.value or feature[name].float_list.value
        return float(values[0]) if values else None

    def text(name: str) -> str | None:
        values = feature[name].bytes_list.value if name in feature else ()
        return values[0].decode(errors="replace") if values else None

    width, height = number(features.WIDTH), number(features.HEIGHT)
    found = {
        "resolution": bucket(None if width is None or height is None else min(width, height), _SHORT_SIDE_PIXELS, "px"),
        "codec": text(features.CODEC),
        "fps": bucket(number(features.FPS), _FPS),
        "duration": bucket(number(features.DURATION_S), _SECONDS, "s"),
        "face_status": text(features.FACE_STATUS),
        "frames_decoded": bucket(number(features.FRAMES_DECODED), _FRAMES),
    }
    found |= {name: text(name) for name in sorted(feature) if name.startswith(features.META_PREFIX)}
    return {column: value for column, value in found.items() if value}


def bucket(value: float | None, edges: Sequence[int], unit: str = "") -> str | None:
    """Names the range that contains `value`, lower edge included: `under 3 s`, `3 to 8 s`, `60 s or more`."""
    if value is None:
        return None
    place = bisect.bisect_right(edges, value)
    if place == 0:
        words = f"under {edges[0]} {unit}"
    elif place == len(edges):
        words = f"{edges[-1]} {unit}".strip() + " or more"
    else:
        words = f"{edges[place - 1]} to {edges[place]} {unit}"
    return words.strip()
