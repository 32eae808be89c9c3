"""Fills a folder with a data set, clip by clip in parallel processes; each file is written atomically."""

import errno
import os
import pathlib
import pickle
import subprocess
from collections.abc import Callable, Iterator

from components.errors import UserError
from components.isolated_process import isolated_command
from pipeline.demo_data.drawing import draw_clip, partial_path
from pipeline.demo_data.plan import ClipPlan, plan_clips
from pipeline.demo_data.records import metadata_text, readme_text

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
    readme = readme_text(videos, seed)
    _claim_folder(out, {clip.name for clip in clips}, readme)
    missing = [clip for clip in clips if not (out / clip.name).exists()]
    if not missing and (out / _METADATA).exists():
        return
    _write_clips(out, missing, seed, workers or os.cpu_count() or 1, videos, progress)
    _write_text(out / _METADATA, metadata_text(clips))


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


def _write_clips(
    out: pathlib.Path,
    clips: list[ClipPlan],
    seed: int,
    workers: int,
    videos: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    def report(done: int) -> None:
        if progress:
            progress(videos - len(clips) + done, videos)

    if workers == 1 or len(clips) <= 1:
        for done, clip in enumerate(clips, start=1):
            draw_clip(out, clip, seed)
            report(done)
        return
    for done, _ in enumerate(_draw_in_processes(out, clips, seed, min(workers, len(clips))), start=1):
        report(done)


def _draw_in_processes(out: pathlib.Path, clips: list[ClipPlan], seed: int, workers: int) -> Iterator[str]:
    """Yields the name of each clip as it is finished."""
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
                        pickle.dump((out.absolute(), clips[worker::workers], seed), stdin)
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
