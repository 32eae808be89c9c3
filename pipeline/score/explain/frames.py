"""Decodes the frames of one video that a model looked at."""

import contextlib

from components.errors import UserError
from components.frame_feature_gen.settings import ExtractionSettings
from components.video_decoding.clip import Clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import VideoError


def sampled_clip(path: str, settings: ExtractionSettings, *, option: str) -> Clip:
    """Decodes the sampled frames of a local file, cropped as the model sees them.

    Args:
        path: path of the file.
        settings: the settings that the video was scored with.
        option: the command-line option that needs the frames, for the error.

    Raises:
        UserError: if no frame can be decoded.
    """
    decoder = IsolatedDecoder(
        timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=settings.face_detection()
    )
    with contextlib.closing(decoder):
        try:
            return settings.decode(decoder, path)
        except VideoError as error:
            raise UserError(f"{option}: {path} has no frames to show ({error})") from error
