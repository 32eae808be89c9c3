"""Plans and draws long videos, of one or several people, of which half have one forged stretch of one face."""

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.encoding import write_clip
from pipeline.demo_data.film import film_clip
from pipeline.demo_data.painting.motion import sample_movement
from pipeline.demo_data.plan import APPEARANCE, REAL_FAMILY, TEMPORAL, ClipPlan, generator

STRETCH_S: Final = 20.0
"""How long the forged stretch is, or half of a shorter video."""

MOST_FACES: Final = 4

_FPS: Final = 25
_SIDE: Final = 280
_BIT_RATE: Final = 800_000
# Nobody is in the videos that a model is trained on, whose people are numbered from 0 on.
_FIRST_PERSON: Final = 100_000


@dataclasses.dataclass(frozen=True)
class LongPlan:
    """One planned video.

    Attributes:
        index: of the video.
        name: of its file.
        seconds: its length.
        family: of its forgery; `REAL_FAMILY` if it has none.
        faces: how many people are in it, side by side.
        forged_face: which of them is forged, from 1 on, from left to right; 0 if none is.
        forged_from_s: where the forged stretch starts.
        forged_to_s: where it ends.
    """

    index: int
    name: str
    seconds: float
    family: str
    faces: int
    forged_face: int
    forged_from_s: float
    forged_to_s: float

    @property
    def columns(self) -> dict[str, str | None]:
        """Its entry in metadata.json."""
        return {
            "label": "REAL" if self.family == REAL_FAMILY else "FAKE",
            "split": "train",
            "original": None,
            "family": self.family,
            "forged_face": str(self.forged_face),
            "forged_from_s": f"{self.forged_from_s:g}",
            "forged_to_s": f"{self.forged_to_s:g}",
            "synthetic": "true",
        }


def plan_long_videos(videos: int, seed: int, *, seconds: float, faces: int) -> list[LongPlan]:
    """Plans videos, in turn real and forged, and these in turn of both families."""
    plans = []
    stretch = min(STRETCH_S, seconds / 2)
    for index in range(videos):
        rng = generator(seed, "long", index)
        forged = index % 2 == 1
        start = float(np.round(rng.uniform(0, seconds - stretch), 1)) if forged else 0.0
        plans.append(
            LongPlan(
                index=index,
                name=f"long_{index:03d}.mp4",
                seconds=seconds,
                family=(APPEARANCE, TEMPORAL)[index // 2 % 2] if forged else REAL_FAMILY,
                faces=faces,
                forged_face=1 + int(rng.integers(faces)) if forged else 0,
                forged_from_s=start,
                forged_to_s=start + stretch if forged else 0.0,
            )
        )
    return plans


def draw_long_video(path: pathlib.Path, plan: LongPlan, seed: int) -> None:
    """Writes a planned video."""
    films = [_film(plan, face, seed) for face in range(1, plan.faces + 1)]
    frames = (np.hstack(side_by_side) for side_by_side in zip(*films, strict=True))
    write_clip(path, frames, fps=_FPS, bit_rate=plan.faces * _BIT_RATE)


def _film(plan: LongPlan, face: int, seed: int) -> Iterator[NDArray[np.uint8]]:
    person = _FIRST_PERSON + plan.index * 10 + face
    is_forged = face == plan.forged_face
    clip = ClipPlan(
        index=person,
        name=plan.name,
        family=plan.family if is_forged else REAL_FAMILY,
        take=person,
        actor=person,
        face=person + 5,
        original=None,
        bit_rate=_BIT_RATE,
    )
    movement = generator(seed, "motion", person)
    motion = sample_movement(movement, height=_SIDE, width=_SIDE, fps=_FPS, frames=round(_FPS * plan.seconds))
    forged = range(round(_FPS * plan.forged_from_s), round(_FPS * plan.forged_to_s))
    return film_clip(clip, motion, seed, forged=forged)
