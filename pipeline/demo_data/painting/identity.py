"""Samples identities: the looks of an invented person and of the room they sit in."""

import dataclasses

import numpy as np

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 255."""

_SKINS: tuple[Colour, ...] = (
    (244, 208, 184),
    (232, 188, 158),
    (214, 164, 130),
    (190, 136, 102),
    (156, 106, 78),
    (118, 78, 58),
)
_HAIRS: tuple[Colour, ...] = (
    (38, 30, 28),
    (70, 48, 34),
    (112, 76, 46),
    (176, 138, 88),
    (146, 140, 136),
    (128, 58, 36),
)
_IRISES: tuple[Colour, ...] = ((74, 48, 32), (96, 70, 42), (70, 104, 130), (84, 112, 80))
_HAIRSTYLES = ("short", "long", "parted", "bald")


@dataclasses.dataclass(frozen=True)
class Identity:
    """The looks of one person; lengths are in pixels of the head's texture (see head.py)."""

    skin: Colour
    hair: Colour
    iris: Colour
    lips: Colour
    clothes: Colour
    wall: Colour
    hairstyle: str
    face_width: float
    face_height: float
    eye_distance: float
    eye_width: float
    brow_thickness: int
    brow_height: float
    nose_width: float
    nose_length: float
    mouth_width: float
    lip_thickness: float
    beard: float
    glasses: bool
    texture_seed: int


def sample_identity(rng: np.random.Generator) -> Identity:
    """Samples a person at random."""
    skin = _vary(rng, _SKINS[rng.integers(len(_SKINS))], 8)
    reddened = (skin[0] * 0.86, skin[1] * 0.58, skin[2] * 0.60)
    return Identity(
        skin=skin,
        hair=_vary(rng, _HAIRS[rng.integers(len(_HAIRS))], 10),
        iris=_vary(rng, _IRISES[rng.integers(len(_IRISES))], 10),
        lips=_vary(rng, reddened, 10),
        clothes=_vary(rng, (115, 115, 115), 75),
        wall=_vary(rng, (rng.uniform(110, 195),) * 3, 24),
        hairstyle=str(rng.choice(_HAIRSTYLES, p=(0.35, 0.3, 0.25, 0.1))),
        face_width=rng.uniform(184, 208),
        face_height=rng.uniform(248, 272),
        eye_distance=rng.uniform(80, 96),
        eye_width=rng.uniform(35, 44),
        brow_thickness=int(rng.integers(5, 11)),
        brow_height=rng.uniform(24, 32),
        nose_width=rng.uniform(26, 40),
        nose_length=rng.uniform(54, 70),
        mouth_width=rng.uniform(60, 82),
        lip_thickness=rng.uniform(6, 11),
        beard=float(rng.choice((0.0, 0.25, 0.6), p=(0.6, 0.2, 0.2))),
        glasses=bool(rng.random() < 0.2),
        texture_seed=int(rng.integers(2**31)),
    )


def _vary(rng: np.random.Generator, colour: Colour, spread: float) -> Colour:
    red, green, blue = (float(channel) for channel in np.clip(np.add(colour, rng.uniform(-spread, spread, 3)), 12, 250))
    return red, green, blue
