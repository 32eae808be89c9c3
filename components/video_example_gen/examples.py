"""Makes the video example of an entry of metadata.json."""

import contextlib
import dataclasses

import tensorflow as tf

from components import features
from components.dataset.entries import VideoEntry
from components.dataset.probe import probe_video
from components.passing_trouble import Blame, MachineError, blame_for
from components.uris import join_uri
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import hash_file, local_copy
from components.video_errors import VideoError

PROBE_OK = "ok"


def video_example(
    data_root: str,
    entry: VideoEntry,
    group: str,
    decoder: IsolatedDecoder | None = None,
    *,
    lasting: bool = False,
    second_try_alone: bool = True,
) -> tf.train.Example:
    """Probes one video and returns its example.

    A video that cannot be probed keeps its example, with the reason in `probe_status` and, if the file can be read, its
    digest; FrameFeatureGen puts it into quarantine.

    Args:
        data_root: folder or bucket that the entry's uri is relative to.
        entry: of the video.
        group: what keeps it together with others.
        decoder: reads the header; by default a process started for this video.
        lasting: whether the example is kept for later runs.
        second_try_alone: see `two_tries`.

    Raises:
        MachineError: if the machine is to blame, and the example is lasting.
    """
    example = tf.train.Example()
    _set(example, features.VIDEO_ID, entry.uri)
    _set(example, features.URI, entry.uri)
    _set(example, features.GROUP_ID, group)
    if entry.label is not None:
        _set(example, features.LABEL, entry.label)
    for key, value in entry.meta.items():
        _set(example, features.META_PREFIX + key, value)
    try:
        facts = probe_video(data_root, entry.uri, decoder, second_try_alone=second_try_alone)
    except VideoError as error:
        if lasting and blame_for(error) is Blame.MACHINE:
            raise MachineError(f"{entry.uri}: {error.detail}, twice; see to the machine, then resume") from error
        _set(example, features.PROBE_STATUS, error.reason.value)
        # Whatever the file is, unless it cannot be read either.
        with contextlib.suppress(VideoError), local_copy(join_uri(data_root, entry.uri)) as path:
            _set(example, features.CONTENT_DIGEST, hash_file(path)[0])
    else:
        _set(example, features.PROBE_STATUS, PROBE_OK)
        for name, value in dataclasses.asdict(facts).items():
            _set(example, name, value)
    return example


def unlabelled_example(
    uri: str, decoder: IsolatedDecoder | None = None, *, second_try_alone: bool = True
) -> tf.train.Example:
    """Returns the example of a video that no metadata.json lists; `uri` is the file's full uri."""
    entry = VideoEntry(uri, label=None)
    return video_example("", entry, group="", decoder=decoder, second_try_alone=second_try_alone)


def _set(example: tf.train.Example, name: str, value: str | int | float | None) -> None:
    feature = example.features.feature[name]
    if isinstance(value, str):
        feature.bytes_list.value.append(value.encode())
    elif isinstance(value, int):
        feature.int64_list.value.append(value)
    elif isinstance(value, float):
        feature.float_list.value.append(value)
