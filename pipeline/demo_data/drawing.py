"""Draws clips, in this process or as one of several worker processes."""

import pathlib
import pickle
import signal
import sys

import av
import cv2

from pipeline.demo_data.encoding import write_clip
from pipeline.demo_data.film import film_clip, film_motion
from pipeline.demo_data.long_videos import LongPlan, draw_long_video
from pipeline.demo_data.plan import ClipPlan


def draw_video(out: pathlib.Path, plan: ClipPlan | LongPlan, seed: int) -> None:
    """Writes a video into the folder `out`, atomically."""
    partial = partial_path(out / plan.name)
    if isinstance(plan, LongPlan):
        draw_long_video(partial, plan, seed)
    else:
        motion = film_motion(plan, seed)
        write_clip(partial, film_clip(plan, motion, seed), fps=motion.fps, bit_rate=plan.bit_rate)
    partial.replace(out / plan.name)


def partial_path(path: pathlib.Path) -> pathlib.Path:
    """Returns where a file is written until it is complete; hidden, so that no reader of the folder sees it."""
    return path.with_name(f".{path.name}.partial")


def draw_as_told() -> None:
    """Draws the pickled (out, clips, seed) read from standard input, and prints the name of each finished clip."""
    cv2.setNumThreads(1)
    # Ctrl-C reaches all processes; only the parent should report it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    out, clips, seed = pickle.load(sys.stdin.buffer)
    for clip in clips:
        try:
            draw_video(out, clip, seed)
        except (OSError, av.FFmpegError) as error:
            # The one that started it tells it.
            sys.exit(error.errno or 1)
        print(clip.name, flush=True)  # noqa: T201 (a pipe, which the one that started it reads)


if __name__ == "__main__":
    draw_as_told()
