"""Decodes the frames of one video that a model looked at."""

import contextlib

from components.errors import UserError
from components.frame_feature_gen.settings import ExtractionSettings
from components.submission_gen.rows import Row
from components.video_decoding.clip import Clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.windows import WHOLE, Windowing
from components.video_errors import VideoError


def sampled_clip(path: str, row: Row, settings: ExtractionSettings, *, option: str) -> Clip:
    """Decodes the sampled frames of a local file, cropped as the model sees them, of the clip that weighs most.

    Args:
        path: path of the file.
        row: of the video.
        settings: the settings that the video was scored with.
        option: the command-line option that needs the frames, for the error.

    Raises:
        UserError: if no frame can be decoded.
    """
    decoder = IsolatedDecoder(
        timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=settings.face_detection()
    )
    window, face = row.heaviest or (None, None)
    several = (window and len(row.windows) > 1) or row.not_looked_at
    windowing = Windowing(from_s=window.start_s, to_s=window.end_s) if window and several else WHOLE
    with contextlib.closing(decoder):
        try:
            return settings.decode(decoder, path, windowing, face=face.face if face else 0)
        except VideoError as error:
            raise UserError(f"{option}: {path} has no frames to show ({error})") from error
