"""Samples the motion of a clip: its size and length, and the curves of pose, expression and light over its frames."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting.expression import Expression

Curve = NDArray[np.float64]
"""float64 [frames], one value per frame."""

_BLINK_SECONDS = 0.26


@dataclasses.dataclass(frozen=True)
class Pose:
    """Pose of the head in one frame; angles in radians, lengths in pixels of the frame."""

    x: float
    y: float
    scale: float
    roll: float
    yaw: float
    pitch: float


@dataclasses.dataclass(frozen=True)
class Motion:
    """A clip's size and frame rate, and what changes from frame to frame."""

    height: int
    width: int
    fps: int
    poses: tuple[Pose, ...]
    expressions: tuple[Expression, ...]
    light: NDArray[np.float64]  # [frames, 3], gain of each colour


def sample_motion(rng: np.random.Generator) -> Motion:
    """Samples a clip's size, length and movement at random."""
    short, long = sorted(2 * int(half) for half in (rng.integers(128, 145), rng.integers(144, 181)))
    height, width = ((short, long), (long, short), (short, short))[rng.integers(3)]
    fps = int(rng.integers(25, 31))
    return sample_movement(rng, height=height, width=width, fps=fps, frames=round(fps * rng.uniform(1.6, 2.4)))


def sample_movement(rng: np.random.Generator, *, height: int, width: int, fps: int, frames: int) -> Motion:
    """Samples the movement of a clip of a given size and length."""
    short = min(height, width)
    seconds = np.arange(frames) / fps
    size = short / 280
    x = width / 2 + size * (rng.uniform(-6, 6) + 5 * _wander(rng, seconds, 0.5))
    y = height / 2 + size * (rng.uniform(-4, 6) + 4 * _wander(rng, seconds, 0.5))
    scale = 0.92 * size * (rng.uniform(0.96, 1.06) + 0.012 * _wander(rng, seconds, 0.3))
    roll = rng.uniform(-0.06, 0.06) + 0.03 * _wander(rng, seconds, 0.5)
    yaw = rng.uniform(-0.2, 0.2) + 0.14 * _wander(rng, seconds, 0.5)
    pitch = rng.uniform(-0.1, 0.1) + 0.08 * _wander(rng, seconds, 0.6)
    poses = tuple(Pose(*map(float, values)) for values in zip(x, y, scale, roll, yaw, pitch, strict=True))

    eyes, mouth, gaze = _blinking(rng, seconds), _speech(rng, seconds), 0.5 * _wander(rng, seconds, 0.7)
    expressions = tuple(Expression(*map(float, values)) for values in zip(eyes, mouth, gaze, strict=True))

    level = rng.uniform(0.85, 1.1) + 0.03 * _wander(rng, seconds, 0.4)
    warmth = rng.uniform(-0.05, 0.05)
    light = level[:, None] * np.array((1 + warmth, 1.0, 1 - warmth))
    return Motion(height, width, fps, poses, expressions, light)


def _wander(rng: np.random.Generator, seconds: Curve, hertz: float) -> Curve:
    """Returns a smooth curve of about unit amplitude with frequencies mostly below `hertz`."""
    frequencies = hertz * rng.uniform(0.3, 1.2, 3)
    phases = rng.uniform(0, 2 * np.pi, 3)
    weights = rng.dirichlet((2, 2, 2)) * 1.4
    waves: Curve = weights @ np.sin(2 * np.pi * frequencies[:, None] * seconds + phases[:, None])
    return waves


def _blinking(rng: np.random.Generator, seconds: Curve) -> Curve:
    openness = np.full(seconds.shape, rng.uniform(0.85, 1.0))
    start = rng.uniform(0.1, 0.9)
    while start < seconds[-1]:
        closing = np.clip(1 - np.abs(seconds - start - _BLINK_SECONDS / 2) / (_BLINK_SECONDS / 2), 0, 1)
        openness *= 1 - np.clip(1.6 * closing, 0, 1)
        start += rng.uniform(0.7, 1.5)
    return openness


def _speech(rng: np.random.Generator, seconds: Curve) -> Curve:
    syllables = np.abs(_wander(rng, seconds, 3.2))
    phrase = np.clip(0.7 + _wander(rng, seconds, 0.9), 0, 1)
    speech: Curve = np.clip(1.1 * syllables * phrase, 0, 1)
    return speech
