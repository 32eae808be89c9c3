"""Frames of the user's own videos, for comparing encoder variants."""

import functools
import logging
import os
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from components import features
from components.examples import read_records, text_feature
from components.passing_trouble import Blame, MachineError, blame_for
from components.printable import printable
from components.uris import join_uri
from components.video_decoding.clip import Clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy
from components.video_decoding.second_try import with_second_try
from components.video_errors import VideoError

_VIDEOS = 8
_FRAMES_A_VIDEO = 8


def sample_frames(examples_uri: str, data_root: str, size: int) -> np.ndarray:
    """Decodes a few frames of a few videos of a video-examples artifact; see `decode_sample`.

    Args:
        examples_uri: uri of the artifact.
        data_root: the folder or bucket that the examples' uris are relative to.
        size: height and width of a frame in pixels.
    """
    return decode_sample([join_uri(data_root, uri) for uri in _readable_videos(examples_uri)], size)


def decode_sample(videos: Sequence[str], size: int) -> np.ndarray:
    """Decodes a few frames of a few videos, spread evenly over the list; undecodable ones are replaced.

    Args:
        videos: uris.
        size: height and width of a frame in pixels.

    Returns:
        uint8 [N, size, size, 3] RGB; N is 0 if nothing could be decoded.

    Raises:
        MachineError: if the machine failed twice on a video: other frames could lead to another precision.
    """
    decoder = IsolatedDecoder()
    clips: list[np.ndarray] = []
    try:
        for uri in _evenly_spaced(videos):
            try:
                clip = with_second_try(functools.partial(_decode, decoder, uri, size))
            except VideoError as error:
                if blame_for(error) is Blame.MACHINE:
                    raise MachineError(f"{uri}: {error.detail}, twice; see to the machine, then resume") from error
                logging.info(
                    "%s is not among the videos that precisions are compared on: %s", *map(printable, (uri, error))
                )
                continue
            clips.append(clip.frames)
            if len(clips) == _VIDEOS:
                break
    finally:
        decoder.close()
    return np.concatenate([np.zeros((0, size, size, 3), np.uint8), *clips])


def _decode(decoder: IsolatedDecoder, uri: str, size: int) -> Clip:
    with local_copy(uri) as path:
        return decoder.decode(path, sampling="uniform", frames=_FRAMES_A_VIDEO, size=size)


def _readable_videos(examples_uri: str) -> list[str]:
    records = read_records(os.path.join(examples_uri, "Split-*", "*.gz")).as_numpy_iterator()
    videos = (tf.train.Example.FromString(record) for record in records)
    return sorted(text_feature(v, features.URI) for v in videos if text_feature(v, features.PROBE_STATUS) == "ok")


def _evenly_spaced(uris: Sequence[str]) -> list[str]:
    """Returns up to twice as many as needed: first the picks, then replacements for those that cannot be decoded."""
    if not uris:
        return []
    positions = np.linspace(0, len(uris) - 1, min(len(uris), 2 * _VIDEOS)).round().astype(int)
    return [uris[position] for position in (*positions[::2], *positions[1::2])]
