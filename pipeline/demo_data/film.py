"""Renders the frames of a planned clip."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.forgery import sample_forgery
from pipeline.demo_data.painting.camera import lay_over, lit, pose_map, sensor_noise
from pipeline.demo_data.painting.expression import paint_expression
from pipeline.demo_data.painting.head import TEXTURE_SIZE, paint_head
from pipeline.demo_data.painting.identity import sample_identity
from pipeline.demo_data.painting.motion import Motion, sample_motion
from pipeline.demo_data.painting.scene import paint_scene
from pipeline.demo_data.plan import REAL_FAMILY, ClipPlan, generator


def film_motion(clip: ClipPlan, seed: int) -> Motion:
    """Returns the size, length and movement of a clip; a fake has those of its original."""
    return sample_motion(generator(seed, "motion", clip.take))


def film_clip(clip: ClipPlan, motion: Motion, seed: int, *, forged: range | None = None) -> Iterator[NDArray[np.uint8]]:
    """Draws a clip frame by frame; a fake redraws its original and pastes the other face into it.

    Args:
      clip: the plan.
      motion: of the clip.
      seed: of everything random.
      forged: the frames of a fake in which the other face is seen; by default all.

    Yields:
      uint8 RGB [motion.height, motion.width, 3].
    """
    size = {"height": motion.height, "width": motion.width}
    rng = generator(seed, "scene", clip.take)
    actor = sample_identity(generator(seed, "identity", clip.actor))
    head, opacity = paint_head(actor)
    first = motion.poses[0]
    neck = (first.x, first.y + 0.36 * TEXTURE_SIZE * first.scale)
    scene = paint_scene(actor, rng, neck=neck, scale=first.scale, **size)
    noise = sensor_noise(rng, **size)
    forgery = None
    if clip.family != REAL_FAMILY:
        source = sample_identity(generator(seed, "identity", clip.face))
        forgery = sample_forgery(clip.family, actor, source, motion, generator(seed, "forgery", clip.index))

    for index, (pose, expression, light) in enumerate(zip(motion.poses, motion.expressions, motion.light, strict=True)):
        frame = lit(scene, light)
        frame = lay_over(frame, paint_expression(head, actor, expression), opacity, pose_map(pose, **size), light)
        if forgery is None or (forged is not None and index not in forged):
            frame += next(noise)
        else:
            place = pose_map(forgery.pose(pose, index), **size)
            if forgery.noiseless:
                frame += next(noise)
            frame = lay_over(frame, forgery.face(index), forgery.opacity, place, light * forgery.gains[index])
            if not forgery.noiseless:
                frame += next(noise)
        yield np.clip(frame, 0, 255).astype(np.uint8)
