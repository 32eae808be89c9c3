"""Writes frames as a GIF."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from components.frame_feature_gen.settings import ExtractionSettings
from components.output_files import write_output
from components.submission_gen.rows import Row
from components.video_decoding.files import local_copy
from pipeline.score.explain.frames import sampled_clip

_LAST_MS = 500
_MIN_MS = 20


def write_gif(path: str, row: Row, settings: ExtractionSettings) -> None:
    """Writes the sampled frames of a video's clip that weighs most, cropped as the model sees them, at their pace.

    Raises:
        UserError: if no frame can be decoded.
    """
    with local_copy(row.uri) as local:
        clip = sampled_clip(local, row, settings, option=f"--gif {path}")
    durations = [max(int(each), _MIN_MS) for each in np.diff(clip.timestamps_s) * 1000] + [_LAST_MS]
    write_output(path, gif_bytes(clip.frames, durations))


def gif_bytes(frames: Iterable[np.ndarray], duration_ms: int | Sequence[int]) -> bytes:
    """Encodes at least one frame, uint8 [height, width, 3] RGB, as a GIF that repeats forever.

    Args:
        frames: frames of the same shape.
        duration_ms: duration of every frame, or one for each.
    """
    first, *others = (Image.fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=duration_ms, loop=0)
    return buffer.getvalue()
