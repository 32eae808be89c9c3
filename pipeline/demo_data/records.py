"""Writes the texts of a data set's metadata.json and README."""

import json
from collections.abc import Iterable, Mapping

from pipeline.demo_data.plan import REAL_FAMILY, ClipPlan

_RECIPE = 1  # incremented with every change to what is drawn, so that older data are not mistaken for new

_README = """\
# Synthetic demo data

Every clip in this folder was drawn by a program. Nobody was filmed, and no forgery tool was used. **Metrics
measured on these clips say that a pipeline works; they say nothing about how well it would detect real
forgeries.**

- REAL clips show a drawn head before a drawn room, with changing pose and light, speech, blinking and sensor
  noise. Several clips show the same invented person (`actor` in metadata.json).
- FAKE clips repeat a REAL one (`original`) and paste another person's face into it. In the family
  `appearance` single frames show it: the edge, the colour, blur, missing noise. In the family `temporal` each
  frame is plausible and the sequence is not: the face jumps and drifts, in place and colour, and it does not
  blink or does not move. REAL clips have the family `none`.
- All clips were encoded once, as H.264 of an average bit rate drawn from one range for both labels. A fake
  has the size, length and frame rate of its original. So neither codec nor container tells the label.
- Every entry of metadata.json has `"synthetic": "true"`.

Parameters: videos={videos} seed={seed} recipe={recipe}
"""


_LONG_README = """\
# Synthetic long videos

Every video in this folder was drawn by a program. Nobody was filmed, and no forgery tool was used. **Figures
measured on these videos say that long videos are handled; they say nothing about how well real forgeries
would be detected.**

- Each shows drawn heads that talk before drawn rooms, side by side if there are several.
- In every other video another person's face is pasted into one of them for one stretch: `forged_face`, counted
  from the left, `forged_from_s` and `forged_to_s` in metadata.json. The families are those of the short clips.
- Nobody in them is in the short clips of any seed.
- Every entry of metadata.json has `"synthetic": "true"`.

Parameters: videos={videos} minutes={minutes:g} faces={faces} seed={seed} recipe={recipe}
"""


def metadata_text(clips: Iterable[ClipPlan]) -> str:
    """Returns metadata.json in the DFDC layout, with the additional columns `family`, `actor` and `synthetic`."""
    entries = {
        clip.name: {
            "label": "REAL" if clip.family == REAL_FAMILY else "FAKE",
            "split": "train",
            "original": clip.original,
            "family": clip.family,
            "actor": f"actor_{clip.actor:03d}",
            "synthetic": "true",
        }
        for clip in clips
    }
    return entries_text(entries)


def entries_text(entries: Mapping[str, Mapping[str, str | None]]) -> str:
    """Returns metadata.json with the columns of each video, by its name."""
    return json.dumps(entries, indent=1) + "\n"


def long_readme_text(videos: int, minutes: float, faces: int, seed: int) -> str:
    """Returns the README.md of long videos, likewise."""
    return _LONG_README.format(videos=videos, minutes=minutes, faces=faces, seed=seed, recipe=_RECIPE)


def readme_text(videos: int, seed: int) -> str:
    """Returns README.md, which also identifies the data set: equal texts mean equal data."""
    return _README.format(videos=videos, seed=seed, recipe=_RECIPE)
