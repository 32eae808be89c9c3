"""The frames that a model looked at, as a GIF."""

import numpy as np

from components.frame_feature_gen.settings import ExtractionSettings
from components.video_decoding.files import local_copy
from components.whole_files import write_whole
from pipeline.gif import gif_bytes
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
