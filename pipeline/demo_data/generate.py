"""Fills a folder with a data set, clip by clip in parallel processes; each file is written atomically."""

import errno
import math
import os
import pathlib
import pickle
import subprocess
from collections.abc import Callable, Iterator, Sequence

from components.errors import UserError
from components.isolated_process import isolated_command
from pipeline.demo_data.drawing import draw_video, partial_path
from pipeline.demo_data.long_videos import MOST_FACES, LongPlan, plan_long_videos
from pipeline.demo_data.plan import ClipPlan, plan_clips
from pipeline.demo_data.records import entries_text, long_readme_text, metadata_text, readme_text

MINIMUM_VIDEOS = 6
"""Two originals, of two people, each with one fake of each family."""

_METADATA = "metadata.json"
_README = "README.md"


def generate_demo_data(
    out: pathlib.Path,
    *,
    videos: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draws a data set of synthetic talking heads and their forgeries, in the DFDC layout.

    The same arguments produce the same bytes, whatever the number of workers. A complete folder is left as it is; one
    that an earlier call left incomplete is completed.

    Args:
      out: the folder to fill; created if it does not exist.
      videos: total number of clips, about two FAKE for each REAL.
      seed: seed of everything random, not negative.
      workers: number of parallel processes; by default one per core.
      progress: called after each clip with the number of clips done and their total.

    Raises:
      UserError: if there are too few videos, the seed is negative, or the folder holds anything but this data set.
    """
    if videos < MINIMUM_VIDEOS:
        raise UserError(f"videos={videos}: demo data need at least {MINIMUM_VIDEOS} videos")
    if seed < 0:
        raise UserError(f"seed={seed}: the seed must not be negative")
    clips = plan_clips(videos, seed)
    _fill(out, clips, readme_text(videos, seed), metadata_text(clips), seed, workers, progress)


def generate_long_videos(
    out: pathlib.Path,
    *,
    videos: int,
    minutes: float,
    faces: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draws long videos of which every other one has a forged stretch, likewise.

    Args:
      out: the folder to fill; created if it does not exist.
      videos: total number, half of them REAL.
      minutes: the length of each.
      faces: how many people are in each, side by side.
      seed: seed of everything random, not negative.
      workers: number of parallel processes; by default one per core.
      progress: called after each video with the number of videos done and their total.

    Raises:
      UserError: if a number is too small, or the folder holds anything but these videos.
    """
    for name, value, least in (("long", videos, 1), ("minutes", minutes, 0.05), ("faces", faces, 1), ("seed", seed, 0)):
        if not least <= value < math.inf:
            raise UserError(f"{name}={value:g}: must be at least {least:g}")
    if faces > MOST_FACES:
        raise UserError(f"faces={faces}: must be at most {MOST_FACES}")
    plans = plan_long_videos(videos, seed, seconds=60 * minutes, faces=faces)
    readme = long_readme_text(videos, minutes, faces, seed)
    _fill(out, plans, readme, entries_text({plan.name: plan.columns for plan in plans}), seed, workers, progress)


_Plan = ClipPlan | LongPlan


def _fill(
    out: pathlib.Path,
    plans: Sequence[_Plan],
    readme: str,
    metadata: str,
    seed: int,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    _claim_folder(out, {plan.name for plan in plans}, readme)
    missing = [plan for plan in plans if not (out / plan.name).exists()]
    if not missing and (out / _METADATA).exists():
        return
    _write_videos(out, missing, seed, workers or os.cpu_count() or 1, len(plans), progress)
    _write_text(out / _METADATA, metadata)


def _claim_folder(out: pathlib.Path, names: set[str], readme: str) -> None:
    """Claims the folder by writing the README, or refuses it, before anything is drawn."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        present = {entry.name for entry in out.iterdir() if not entry.name.startswith(".")}
        if not present:
            _write_text(out / _README, readme)
            return
        ours = _README in present and (out / _README).read_text(errors="replace") == readme
    except OSError as error:
        raise UserError(f"{out}: cannot be used as the folder of the demo data ({error.strerror})") from error
    if not ours:
        raise UserError(
            f"{out}: holds other files, or demo data of another size, seed or version; name an empty folder"
        )
    foreign = sorted(present - names - {_README, _METADATA})
    if foreign:
        raise UserError(f"{out / foreign[0]}: is not part of the demo data; move it elsewhere or name an empty folder")


def _write_videos(
    out: pathlib.Path,
    plans: Sequence[_Plan],
    seed: int,
    workers: int,
    videos: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    def report(done: int) -> None:
        if progress:
            progress(videos - len(plans) + done, videos)

    if workers == 1 or len(plans) <= 1:
        for done, plan in enumerate(plans, start=1):
            draw_video(out, plan, seed)
            report(done)
        return
    for done, _ in enumerate(_draw_in_processes(out, plans, seed, min(workers, len(plans))), start=1):
        report(done)


def _draw_in_processes(out: pathlib.Path, plans: Sequence[_Plan], seed: int, workers: int) -> Iterator[str]:
    """Yields the name of each video as it is finished."""
    command = isolated_command("pipeline.demo_data.drawing")
    read, write = os.pipe()
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with open(read) as drawn:
            with open(write, "wb") as told:
                for worker in range(workers):
                    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told)
                    processes.append(process)
                    assert process.stdin is not None, "it is a pipe"
                    with process.stdin as stdin:
                        pickle.dump((out.absolute(), plans[worker::workers], seed), stdin)
            # The pipe closes when all processes have ended.
            yield from drawn
        for process in processes:
            code = process.wait()
            # Python itself ends with 1 after any other error.
            if code > 1 and code in errno.errorcode:
                raise OSError(code, os.strerror(code), str(out))
            if code:
                raise subprocess.CalledProcessError(code, command)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _write_text(path: pathlib.Path, text: str) -> None:
    partial = partial_path(path)
    partial.write_text(text)
    partial.replace(path)
