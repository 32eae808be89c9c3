"""Decodes frames of videos the way the pipeline does."""

import contextlib
from collections.abc import Iterable
from typing import Final

import numpy as np

from components import features
from components.errors import UserError
from components.uris import join_uri
from components.video_decoding.clip import Clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy
from components.video_decoding.sampling import Sampling
from components.video_errors import VideoError

_SIZE: Final = 224


def read_clip(data_root: str, uri: str, *, sampling: Sampling = "uniform", frames: int = features.FRAMES) -> Clip:
    """Decodes at most `frames` frames of one video, cropped to their centre square and scaled to 224 x 224 pixels.

    Raises:
        UserError: if it cannot be decoded.
    """
    with contextlib.closing(IsolatedDecoder()) as decoder:
        return _read(decoder, data_root, uri, sampling, frames)


def middle_frames(data_root: str, uris: Iterable[str]) -> list[np.ndarray]:
    """Returns the middle frame of each video, cropped as by `read_clip`."""
    with contextlib.closing(IsolatedDecoder()) as decoder:
        return [_read(decoder, data_root, uri, "uniform", 1).frames[0] for uri in uris]


def _read(decoder: IsolatedDecoder, data_root: str, uri: str, sampling: Sampling, frames: int) -> Clip:
    try:
        with local_copy(join_uri(data_root, uri)) as path:
            return decoder.decode(path, sampling=sampling, frames=frames, size=_SIZE)
    except VideoError as error:
        raise UserError(f"{uri}: cannot be shown ({error.detail}); take another video") from error
