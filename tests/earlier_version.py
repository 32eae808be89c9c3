"""A version folder as earlier versions of the pipeline pushed it, without a list of its files."""

import json
import pathlib
from typing import Any

from brightness_model import DESCRIPTION

PARTS = ("saved_model.pb", "variables/variables.index", "assets.extra/model.json")


def earlier_version(folder: pathlib.Path, name: str, **described: Any) -> pathlib.Path:
    """Makes a folder with the parts that a version must have; `described` overrides entries of its description."""
    for part in PARTS:
        (folder / name / part).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / part).write_text(json.dumps({**DESCRIPTION, **described}))
    return folder / name
