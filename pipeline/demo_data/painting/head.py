"""Paints a static, frontal head as a texture, which camera.py then poses."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting import shapes
from pipeline.demo_data.painting.identity import Identity

TEXTURE_SIZE = 352
"""Height and width of a head's texture, in pixels."""

CENTRE = (176.0, 182.0)
"""Centre of the face in the texture, x and y in pixels."""

EYE_LINE = 160.0
MOUTH_LINE = 252.0


def paint_head(identity: Identity) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Paints the static parts of a head.

    Returns:
      Its colours, uint8 RGB [TEXTURE_SIZE, TEXTURE_SIZE, 3], and its opacity from 0 to 1, float32
      [TEXTURE_SIZE, TEXTURE_SIZE]. Transparent pixels have the colour of the hair, so that edges do not darken.
    """
    rng = np.random.default_rng(identity.texture_seed)
    image = np.empty((TEXTURE_SIZE, TEXTURE_SIZE, 3), np.float32)
    image[:] = identity.hair
    opacity = np.zeros((TEXTURE_SIZE, TEXTURE_SIZE), np.float32)
    half_width, half_height = identity.face_width / 2, identity.face_height / 2
    x, y = CENTRE

    if identity.hairstyle != "bald":
        opacity = np.maximum(opacity, mask((x, y - 14), (half_width + 12, half_height + 10), 1.5))
    if identity.hairstyle == "long":
        opacity = np.maximum(opacity, mask((x, y + 40), (half_width + 24, half_height + 14), 1.5))
    for side in (-1, 1):
        ear = mask((x + side * half_width, y - 4), (13, 27), 1.0)
        shapes.blend(image, ear, np.multiply(identity.skin, 0.82))
        opacity = np.maximum(opacity, ear)
    face = mask(CENTRE, (half_width, half_height), 1.2)
    opacity = np.maximum(opacity, face)

    image += face[..., None] * (_skin(identity, rng) - image)
    _paint_nose(image, identity)
    _paint_brows(image, identity)
    if identity.beard:
        _paint_beard(image, face, identity, rng)
    if identity.hairstyle != "bald":
        _paint_hair(image, face, identity, rng)
    return np.clip(image, 0, 255).astype(np.uint8), opacity


def mask(centre: shapes.Point, axes: shapes.Point, feather: float) -> NDArray[np.float32]:
    """Returns a soft ellipse in a head's texture: float32 [TEXTURE_SIZE, TEXTURE_SIZE] from 0 to 1."""
    return shapes.ellipse_mask(TEXTURE_SIZE, centre, axes, feather)


def _skin(identity: Identity, rng: np.random.Generator) -> NDArray[np.float32]:
    grid = np.arange(TEXTURE_SIZE, dtype=np.float32)
    across = (grid - np.float32(CENTRE[0])) / np.float32(identity.face_width / 2)
    down = (grid[:, None] - np.float32(CENTRE[1])) / np.float32(identity.face_height / 2)
    dome = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    blotches = _noise(rng, 7, 7) * np.float32(0.24)
    pores = _noise(rng, 1, 1) * np.float32(0.05)
    shade = 0.70 + 0.34 * dome - 0.05 * down + blotches + pores
    for side in (-1, 1):
        shade *= 1 - 0.20 * mask((CENTRE[0] + side * identity.eye_distance / 2, EYE_LINE - 2), (27, 16), 7)
    shade *= 1 - 0.14 * mask((CENTRE[0], MOUTH_LINE + 20), (26, 7), 5)
    skin: NDArray[np.float32] = shade.astype(np.float32)[..., None] * np.asarray(identity.skin, np.float32)
    for side in (-1, 1):
        cheek = mask((CENTRE[0] + side * 54, CENTRE[1] + 34), (22, 17), 11)
        shapes.blend(skin, 0.16 * cheek, np.multiply(identity.skin, (1.05, 0.68, 0.70)))
    return skin


def _paint_nose(image: NDArray[np.float32], identity: Identity) -> None:
    shadow = np.multiply(identity.skin, (0.62, 0.55, 0.52))
    x, tip = CENTRE[0], EYE_LINE + identity.nose_length
    half_nose = identity.nose_width / 2
    ridge = mask((x + 7, (EYE_LINE + tip) / 2 + 4), (5, identity.nose_length / 2), 4)
    shapes.blend(image, 0.45 * ridge, shadow)
    highlight = mask((x - 2, tip - 22), (4, identity.nose_length / 3), 3)
    shapes.blend(image, 0.35 * highlight, np.minimum(np.multiply(identity.skin, 1.25), 255))
    shapes.blend(image, 0.6 * mask((x, tip + 4), (half_nose, 5), 3), shadow)
    for side in (-1, 1):
        shapes.blend(image, 0.85 * mask((x + side * half_nose * 0.55, tip + 1), (4.5, 3), 1.2), shadow * 0.5)
        shapes.blend(image, 0.4 * mask((x + side * half_nose, tip - 4), (3, 7), 2), shadow)


def _paint_brows(image: NDArray[np.float32], identity: Identity) -> None:
    brows = np.zeros(image.shape[:2], np.uint8)
    height = EYE_LINE - identity.brow_height
    for side in (-1, 1):
        eye = CENTRE[0] + side * identity.eye_distance / 2
        points = [(eye - side * 23, height + 4), (eye + side * 6, height - 5), (eye + side * 27, height + 5)]
        shapes.draw_path(brows, points, (255,), identity.brow_thickness)
    shapes.blend(image, 0.85 * shapes.soften(brows, 1.5), np.multiply(identity.hair, 0.8))


def _paint_beard(
    image: NDArray[np.float32], face: NDArray[np.float32], identity: Identity, rng: np.random.Generator
) -> None:
    jaw = face * mask((CENTRE[0], MOUTH_LINE + 34), (identity.face_width / 2, 62), 9)
    area = np.clip(jaw - mask((CENTRE[0], MOUTH_LINE - 62), (64, 46), 8), 0, 1)
    stubble = 0.75 + 0.25 * rng.standard_normal(area.shape, np.float32)
    shapes.blend(image, np.clip(area * identity.beard * stubble, 0, 1), np.multiply(identity.hair, 0.9))


def _paint_hair(
    image: NDArray[np.float32], face: NDArray[np.float32], identity: Identity, rng: np.random.Generator
) -> None:
    x, y = CENTRE
    half_width, half_height = identity.face_width / 2, identity.face_height / 2
    if identity.hairstyle == "parted":
        right = mask((x + 30, y + 14), (half_width - 20, half_height - 36), 3)
        left = mask((x - 4, y + 44), (half_width - 5, half_height - 36), 3)
        forehead = np.maximum(left, right)
    else:
        forehead = mask((x, y + 34), (half_width - 5, half_height - 20), 3)
    rows = np.arange(TEXTURE_SIZE, dtype=np.float32)[:, None]
    above_the_ears = 1 / (1 + np.exp((rows - np.float32(y - half_height + 104)) / np.float32(5)))
    fringe = (1 - forehead) * above_the_ears * (face > 0.02)
    shapes.blend(image, fringe, identity.hair)
    strands = _noise(rng, 1, 9) * np.float32(1.1)
    image *= (1 + np.maximum(fringe, 1 - face) * strands)[..., None]


def _noise(rng: np.random.Generator, across: float, down: float) -> NDArray[np.float32]:
    """Returns blurred Gaussian noise: float32 [TEXTURE_SIZE, TEXTURE_SIZE]."""
    noise = rng.standard_normal((TEXTURE_SIZE, TEXTURE_SIZE), np.float32)
    return cv2.GaussianBlur(noise, (0, 0), sigmaX=across, sigmaY=down).astype(np.float32, copy=False)
