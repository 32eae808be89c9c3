"""The demo's data set in clips of a third of a second, which cost a fraction of whole ones to encode."""

import itertools
import pathlib
from typing import Final

from pipeline.demo_data import write_clip
from pipeline.demo_data.film import film_clip, film_motion
from pipeline.demo_data.plan import plan_clips
from pipeline.demo_data.records import metadata_text

FRAMES = 8
EVEN_SPLITS: Final = ("split.by=stratified", "split.train=1", "split.eval=1", "split.test=1")
"""With these settings, each split of twelve videos, which are in four groups, has both classes."""
SMALL_ENCODER: Final = "encoder.architecture=mobilenet_v3_small"
"""A setting for runs that are not about the encoder: it costs a fiftieth of the default."""
ONE_MEMBER: Final = "trainer.members=1"
"""A setting for runs of the demo's network, whose training takes a third then."""
QUICK_TRAINING: Final = (ONE_MEMBER, "trainer.model=frame_statistics")
"""Settings for runs that are not about the training: one member of the demo's network alone costs twice as much."""

_SEED = 0


def write_short_demo(folder: pathlib.Path, videos: int) -> None:
    """Writes `videos` clips, the first frames of those that `deepfake demo-data` draws, and their metadata.json."""
    folder.mkdir(parents=True)
    clips = plan_clips(videos, _SEED)
    for clip in clips:
        motion = film_motion(clip, _SEED)
        frames = itertools.islice(film_clip(clip, motion, _SEED), FRAMES)
        write_clip(folder / clip.name, frames, fps=motion.fps, bit_rate=clip.bit_rate)
    (folder / "metadata.json").write_text(metadata_text(clips))
