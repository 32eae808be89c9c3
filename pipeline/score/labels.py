"""What is known of the videos' labels."""

import json
import os
from collections.abc import Mapping, Sequence

import tensorflow as tf

from components.errors import UserError
from components.features import FAKE, REAL
from components.submission_gen.figures import Truth
from components.submission_gen.submission import read_table
from components.video_example_gen.entries import EntryError, VideoEntry, parse_entry
from components.video_example_gen.folder import metadata_files
from components.video_example_gen.metadata import read_dataset
from components.video_example_gen.splits import group_id
from components.video_files import join_uri

_LABELS = {"0": REAL, "1": FAKE, REAL: REAL, FAKE: FAKE}


def read_labels(path: str) -> dict[str, Truth]:
    """Reads labels by file name: a metadata.json, or CSV with the columns `filename` and `label`.

    Raises:
        UserError: if the file is neither, or says something else than FAKE (1) or REAL (0).
    """
    if path.endswith(".csv"):
        return {name: Truth(_label(path, name, label), name) for name, label in read_table(path)}
    try:
        with tf.io.gfile.GFile(path, "rb") as file:
            content = json.loads(file.read().decode("utf-8-sig"))
    except (tf.errors.OpError, ValueError) as error:
        raise UserError(f"--labels {path}: cannot be read as JSON; give a metadata.json, or a .csv file") from error
    if not isinstance(content, dict):
        raise UserError(f"--labels {path}: lists no videos; give a metadata.json, or a .csv file")
    try:
        return {name: _truth(parse_entry("", name, fields)) for name, fields in content.items()}
    except EntryError as error:
        raise UserError(f"--labels {path}: {error}") from error


def labels_beside(paths: Sequence[str]) -> dict[str, Truth]:
    """Reads the labels of those of the given folders that are data sets, by uri.

    Raises:
        UserError: if a metadata.json is not as it must be.
    """
    found: dict[str, Truth] = {}
    for path in paths:
        if tf.io.gfile.isdir(path) and metadata_files(path):
            entries = read_dataset(path).entries
            found |= {join_uri(path, entry.uri): _truth(entry) for entry in entries}
    return found


def truth_of(uri: str, by_uri: Mapping[str, Truth], by_name: Mapping[str, Truth]) -> Truth | None:
    """What is known of a video; a file of labels that was named goes before what lies beside the videos."""
    return by_name.get(os.path.basename(uri)) or by_uri.get(uri)


def _truth(entry: VideoEntry) -> Truth:
    assert entry.label is not None, "an entry of metadata.json has a label"
    return Truth(entry.label, group_id(entry, "original"))


def _label(path: str, name: str, label: str) -> str:
    if label not in _LABELS:
        raise UserError(f"--labels {path}: {name} has the label {label!r}; allowed are FAKE, REAL, 1 and 0")
    return _LABELS[label]
