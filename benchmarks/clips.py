"""Clips that are as costly to decode as real video: detail at all scales, uneven motion and camera noise."""

import dataclasses
import os
import pathlib
from collections.abc import Iterator, Sequence

import av
import cv2
import numpy as np

from pipeline.demo_data.encoding import write_clip

WIDTH, HEIGHT, FPS = 1920, 1080, 30
SECONDS = 10
# The mean over DFDC's 119,000 videos.
BIT_RATE = 3_200_000
_OBJECTS, _SIDE = 5, 360
_NOISE_IMAGES = 8
_NOISE = 10


@dataclasses.dataclass(frozen=True)
class ClipKind:
    """How a clip is encoded; `gop` is the number of frames between keyframes."""

    gop: int
    b_frames: bool

    @property
    def name(self) -> str:
        """For labels and file names."""
        return f"gop{self.gop}{'-bframes' if self.b_frames else ''}"


def clip_kinds(gops: Sequence[int]) -> list[ClipKind]:
    """Returns all kinds with these GOP lengths."""
    return [ClipKind(gop, b_frames) for gop in gops for b_frames in (False, True)]


def write_busy_clip(path: pathlib.Path, kind: ClipKind, *, frames: int = SECONDS * FPS, seed: int = 0) -> None:
    """Writes an H.264 clip of 1080p30."""
    options = {"g": str(kind.gop), "bf": "2" if kind.b_frames else "0", "threads": str(os.cpu_count() or 1)}
    write_clip(path, busy_frames(frames, seed), fps=FPS, bit_rate=BIT_RATE, options=options)


def busy_frames(frames: int, seed: int) -> Iterator[np.ndarray]:
    """Yields frames uint8 [1080, 1920, 3]: objects that move across a background under a shaking camera."""
    generator = np.random.default_rng(seed)
    background = _texture(generator, HEIGHT + 240, WIDTH + 240)
    objects = [_texture(generator, _SIDE, _SIDE) for _ in range(_OBJECTS)]
    room = np.asarray((WIDTH - _SIDE, HEIGHT - _SIDE))
    starts = generator.uniform((0, 0), room, (_OBJECTS, 2))
    speeds = generator.uniform(-7, 7, (_OBJECTS, 2))
    noise = [generator.integers(0, _NOISE, (HEIGHT, WIDTH, 1), np.uint8).repeat(3, 2) for _ in range(_NOISE_IMAGES)]
    half = _SIDE // 2
    inside = cv2.circle(np.zeros((_SIDE, _SIDE), np.uint8), (half, half), half, (1,), -1).astype(bool)[:, :, None]
    for index in range(frames):
        x, y = 120 + 90 * np.sin(index / 23), 120 + 70 * np.sin(index / 17 + 1)
        camera = np.asarray([[1, 0, -x], [0, 1, -y]], np.float32)
        image = cv2.warpAffine(background, camera, (WIDTH, HEIGHT))
        for texture, start, speed in zip(objects, starts, speeds, strict=True):
            # Back and forth between the borders.
            left, top = np.abs((start + speed * index) % (2 * room) - room).astype(int)
            np.copyto(image[top : top + _SIDE, left : left + _SIDE], texture, where=inside)
        yield cv2.add(image, noise[index % _NOISE_IMAGES])


def repeat_clip(source: pathlib.Path, path: pathlib.Path, times: int) -> None:
    """Writes a clip that repeats `source`, without re-encoding it."""
    with av.open(str(path), "w", format="mp4") as target:
        stream = None
        for turn in range(times):
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                stream = stream or target.add_stream_from_template(video)
                for packet in container.demux(video):
                    if packet.dts is None or packet.pts is None or packet.duration is None:
                        continue
                    shift = turn * video.frames * packet.duration
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    target.mux(packet)


def _texture(generator: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Returns colours uint8 [height, width, 3] with contrast that falls with scale, as in natural images."""
    image = np.zeros((height, width, 3), np.float32)
    for octave in range(2, 9):
        cells = generator.normal(0, 1, (2**octave, 2**octave, 3)).astype(np.float32)
        image += cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC) * 40 / (octave - 1)
    return np.clip(image + 128, 0, 255).astype(np.uint8)
