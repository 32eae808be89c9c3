"""The frames that a model looked at, as a GIF."""

import os

import numpy as np

from components import features
from components.errors import UserError
from components.frame_feature_gen.decoder import IsolatedDecoder
from components.frame_feature_gen.extraction import ExtractionSettings
from components.quarantine import VideoError
from components.video_files import is_remote, local_copy
from components.whole_files import write_whole
from pipeline.gif import gif_bytes

_LAST_MS = 500
_LEAST_MS = 20


def write_gif(path: str, uri: str, settings: ExtractionSettings) -> None:
    """Decodes the sampled frames of a video anew and writes them, cropped as the model sees them, at their own pace.

    Raises:
        UserError: if none of them can be decoded.
    """
    decoder = IsolatedDecoder(
        timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=settings.face_detection()
    )
    try:
        with local_copy(uri) as local:
            clip = decoder.decode(local, sampling=settings.sampling, frames=features.FRAMES, size=features.FRAME_SIZE)
    except VideoError as error:
        raise UserError(f"--gif {path}: {uri} has no frames to show ({error})") from error
    finally:
        decoder.close()
    durations = [max(int(each), _LEAST_MS) for each in np.diff(clip.timestamps_s) * 1000] + [_LAST_MS]
    write_whole(path if is_remote(path) else os.path.abspath(path), gif_bytes(clip.frames, durations))
