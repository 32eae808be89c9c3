"""Frames as a GIF, be they those that a model looked at."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from components.frame_feature_gen.settings import ExtractionSettings
from components.video_decoding.files import local_copy
from components.whole_files import write_whole
from pipeline.score.explain.frames import sampled_clip

_LAST_MS = 500
_LEAST_MS = 20


def write_gif(path: str, uri: str, settings: ExtractionSettings) -> None:
    """Writes the sampled frames of a video, cropped as the model sees them, at their own pace.

    Raises:
        UserError: if none of them can be decoded.
    """
    with local_copy(uri) as local:
        clip = sampled_clip(local, settings, option=f"--gif {path}")
    durations = [max(int(each), _LEAST_MS) for each in np.diff(clip.timestamps_s) * 1000] + [_LAST_MS]
    write_whole(path, gif_bytes(clip.frames, durations))


def gif_bytes(frames: Iterable[np.ndarray], duration_ms: int | Sequence[int]) -> bytes:
    """Encodes frames, uint8 [height, width, 3] RGB, at least one, as a GIF that repeats for ever.

    Args:
        frames: all of one shape.
        duration_ms: of every frame, or of each.
    """
    first, *others = (Image.fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=duration_ms, loop=0)
    return buffer.getvalue()
