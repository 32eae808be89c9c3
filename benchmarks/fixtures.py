"""Shared inputs of all measurements: the clips, the encoders that the machine can run, and its cores."""

import dataclasses
import itertools
import os
import pathlib
from collections.abc import Iterator

import numpy as np

from benchmarks.clips import FPS, ClipKind, clip_kinds, repeat_clip, write_busy_clip
from benchmarks.machine import is_installed
from benchmarks.workload import Workload
from components.served_model.encoder_engine import Engine, Precision, processor_has_bfloat16

NO_BFLOAT16 = "the processor has neither AMX nor AVX512-BF16; emulated figures would mean nothing"
NO_OPENVINO = "openvino is not installed"
LONG_GOP = 250


@dataclasses.dataclass(frozen=True)
class Fixtures:
    """Clips, encoders and cores.

    Attributes:
        workload: the amount of work.
        weights: of the encoder, as in `encoder.weights`.
        clips: paths of the ten-second clips by kind.
        one_group: path of a clip of one GOP of `LONG_GOP` frames, without B-frames.
        long_clip: path of the long clip, which repeats it.
        encoders: SavedModels by engine and precision; only those that the machine runs at full speed.
        cores: the cores available to this process.
        folder: for files written by the measurements.
    """

    workload: Workload
    weights: str
    clips: dict[ClipKind, str]
    one_group: str
    long_clip: str
    encoders: dict[tuple[Engine, Precision], str]
    cores: tuple[int, ...]
    folder: pathlib.Path

    @property
    def best_precision(self) -> Precision:
        """The precision that `auto` would pick."""
        return "bfloat16" if ("tensorflow", "bfloat16") in self.encoders else "float32"

    def cores_in_turn(self) -> Iterator[tuple[int, ...]]:
        """A core per contender. Contenders are measured one at a time, but all start together."""
        return itertools.cycle((core,) for core in self.cores)

    def paths(self, *, b_frames: bool | None = None) -> list[str]:
        """Returns the clips with or without B-frames, or all."""
        return [path for kind, path in self.clips.items() if b_frames in (None, kind.b_frames)]

    def videos(self, count: int) -> list[str]:
        """Returns `count` paths, cycling through the clips."""
        clips = self.paths()
        return [clips[index % len(clips)] for index in range(count)]


def set_up(folder: pathlib.Path, workload: Workload, weights: str) -> Fixtures:
    """Writes the clips and builds the encoders."""
    clips = {kind: folder / f"{kind.name}.mp4" for kind in clip_kinds(workload.gops)}
    for kind, path in clips.items():
        write_busy_clip(path, kind)
    long_clip = folder / "long.mp4"
    one_group = folder / "one_group.mp4"
    write_busy_clip(one_group, ClipKind(LONG_GOP, b_frames=False), frames=LONG_GOP)
    repeat_clip(one_group, long_clip, round(workload.long_clip_seconds * FPS / LONG_GOP))
    return Fixtures(
        workload=workload,
        weights=weights,
        clips={kind: str(path) for kind, path in clips.items()},
        one_group=str(one_group),
        long_clip=str(long_clip),
        encoders=_build_encoders(folder, weights, [str(path) for path in clips.values()]),
        cores=tuple(sorted(os.sched_getaffinity(0))),
        folder=folder,
    )


def _build_encoders(folder: pathlib.Path, weights: str, clips: list[str]) -> dict[tuple[Engine, Precision], str]:
    from components.frame_encoder.build import build_encoder
    from components.frame_encoder.network import build_network
    from components.video_decoding.decode import decode_clip

    def frames() -> np.ndarray:
        return np.concatenate([decode_clip(path, sampling="uniform", frames=8, size=224).frames for path in clips])

    engines: list[Engine] = ["tensorflow"]
    if is_installed("openvino"):
        engines.append("openvino")
    precisions: list[Precision] = ["float32"]
    if processor_has_bfloat16():
        precisions.append("bfloat16")
    network = build_network("inception_v3", weights)
    encoders = {}
    for engine in engines:
        for precision in precisions:
            # The folder layout of an artifact, so that the component finds the model.
            path = str(folder / f"{engine}-{precision}" / "Format-Serving")
            build_encoder(network, path, weights=weights, precision=precision, engine=engine, sample_frames=frames)
            encoders[engine, precision] = path
    return encoders
