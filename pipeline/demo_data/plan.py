"""Plans a data set: each clip's name, family, people and original."""

import dataclasses
import string

import numpy as np

APPEARANCE = "appearance"
TEMPORAL = "temporal"
REAL_FAMILY = "none"

_CLIPS_PER_IDENTITY = 2
_BIT_RATES = (600_000, 1_000_000)


@dataclasses.dataclass(frozen=True)
class ClipPlan:
    """One planned clip."""

    index: int
    name: str
    family: str  # APPEARANCE, TEMPORAL or REAL_FAMILY
    take: int  # index of the real clip that is, or underlies, this one
    actor: int  # identity of the person filmed
    face: int  # identity of the face that is seen
    original: str | None  # name of the real clip under a fake
    bit_rate: int  # bits per second, from one range whatever the family


def generator(seed: int, *key: int | str) -> np.random.Generator:
    """Returns an independent random generator for each key, so that no clip depends on the draws of another."""
    spawn_key = tuple(part if isinstance(part, int) else int.from_bytes(part.encode(), "big") for part in key)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=spawn_key))


def plan_clips(videos: int, seed: int) -> list[ClipPlan]:
    """Plans a data set with two fakes per real clip, one of each family, sorted by name.

    Args:
      videos: total number of clips, at least 6.
      seed: seed of the plan.
    """
    rng = generator(seed, "plan")
    names = _names(rng, videos)
    reals = round(videos / 3)
    identities = max(2, reals // _CLIPS_PER_IDENTITY)
    clips = []
    for index in range(videos):
        turn, take = divmod(index, reals)
        actor = take % identities
        family, face, original = REAL_FAMILY, actor, None
        if turn > 0:
            family = (APPEARANCE, TEMPORAL)[(turn - 1) % 2]
            face = (actor + int(rng.integers(1, identities))) % identities
            original = names[take]
        bit_rate = int(generator(seed, "encoding", index).integers(*_BIT_RATES))
        clips.append(ClipPlan(index, names[index], family, take, actor, face, original, bit_rate))
    return sorted(clips, key=lambda clip: clip.name)


def _names(rng: np.random.Generator, count: int) -> list[str]:
    """Returns names in the style of DFDC, ten letters that say nothing about the clip."""
    letters = np.array(list(string.ascii_lowercase))
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(rng.choice(letters, 10)) + ".mp4"] = None
    return list(names)
