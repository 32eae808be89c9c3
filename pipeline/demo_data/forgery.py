"""Another identity's face to paste over the filmed one, with the artefacts that face swaps leave."""

import dataclasses

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting.expression import Expression, paint_expression
from pipeline.demo_data.painting.head import CENTRE, TEXTURE_SIZE, mask, paint_head
from pipeline.demo_data.painting.identity import Identity
from pipeline.demo_data.painting.motion import Motion, Pose
from pipeline.demo_data.plan import APPEARANCE


@dataclasses.dataclass(frozen=True)
class Forgery:
    """The parameters of one fake.

    The appearance family shows within a frame: a hard edge, the wrong colour, blur, no sensor noise. In the temporal
    family each frame is plausible and only the sequence is not: the face jumps and drifts in position and colour, and
    it does not blink or does not move at all.
    """

    person: Identity  # the source, in the colours of the target
    colours: NDArray[np.uint8]  # RGB texture of the person's head
    opacity: NDArray[np.float32]  # of the part that is pasted, [TEXTURE_SIZE, TEXTURE_SIZE]
    offsets: NDArray[np.float64]  # [frames, 2], shift of the face in pixels
    gains: NDArray[np.float64]  # [frames, 3], gain of each colour of the face
    expressions: tuple[Expression, ...]
    resolution: int  # height and width in which the face is made, in pixels; it is then enlarged
    noiseless: bool

    def face(self, frame: int) -> NDArray[np.uint8]:
        """Returns the unposed face of a frame: uint8 RGB [TEXTURE_SIZE, TEXTURE_SIZE, 3]."""
        painted = paint_expression(self.colours, self.person, self.expressions[frame])
        if self.resolution < TEXTURE_SIZE:
            coarse = cv2.resize(painted, (self.resolution, self.resolution))
            painted = cv2.resize(coarse, (TEXTURE_SIZE, TEXTURE_SIZE)).astype(np.uint8, copy=False)
        return painted

    def pose(self, pose: Pose, frame: int) -> Pose:
        """Returns the pose of the pasted face in a frame, given that of the head."""
        across, down = self.offsets[frame]
        return dataclasses.replace(pose, x=pose.x + float(across), y=pose.y + float(down))


def sample_forgery(
    family: str, target: Identity, source: Identity, motion: Motion, rng: np.random.Generator
) -> Forgery:
    """Samples the parameters of one fake of a family.

    Args:
      target: the person filmed.
      source: the person whose face is pasted.
      motion: motion of the filmed clip.
    """
    person = dataclasses.replace(
        source,
        skin=target.skin,
        lips=target.lips,
        hair=target.hair,
        hairstyle="bald",
        glasses=target.glasses,
    )
    colours, _ = paint_head(person)
    centre = (CENTRE[0], CENTRE[1] + 16)
    axes = (rng.uniform(0.36, 0.41) * target.face_width, rng.uniform(0.33, 0.37) * target.face_height)
    frames = len(motion.poses)
    if family == APPEARANCE:
        cast = 1 + rng.uniform(0.07, 0.15, 3) * rng.choice((-1, 1), 3)
        return Forgery(
            person=person,
            colours=colours,
            opacity=mask(centre, axes, 1.0),
            offsets=np.zeros((frames, 2)),
            gains=np.tile(cast, (frames, 1)),
            expressions=motion.expressions,
            resolution=int(rng.integers(88, 128)),
            noiseless=True,
        )
    flicker = 0.07 * rng.standard_normal((frames, 1)) + 0.025 * rng.standard_normal((frames, 3))
    return Forgery(
        person=person,
        colours=colours,
        opacity=mask(centre, axes, 7.0),
        offsets=2.2 * rng.standard_normal((frames, 2)) + _drift(rng, frames, 2, 3.0),
        gains=np.clip(1 + flicker + _drift(rng, frames, 3, 0.03), 0.7, 1.3),
        expressions=_unblinking(motion.expressions, frozen=bool(rng.random() < 0.5)),
        resolution=TEXTURE_SIZE,
        noiseless=False,
    )


def _unblinking(expressions: tuple[Expression, ...], *, frozen: bool) -> tuple[Expression, ...]:
    awake = tuple(dataclasses.replace(each, eye_openness=0.95) for each in expressions)
    return awake[:1] * len(awake) if frozen else awake


def _drift(rng: np.random.Generator, frames: int, channels: int, size: float) -> NDArray[np.float64]:
    """Returns a random walk that ends about `size` from its start: float64 [frames, channels]."""
    walk: NDArray[np.float64] = np.cumsum(rng.normal(0, size / frames**0.5, (frames, channels)), axis=0)
    return walk
