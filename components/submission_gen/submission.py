"""The submission file of the DeepFake Detection Challenge: a probability for each name of its sample."""

import collections
import csv
import dataclasses
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from components import storage
from components.csv_lines import csv_lines
from components.errors import UserError
from components.file_names import match_names, nfc
from components.output_files import write_output
from components.submission_gen.rows import Row

COLUMNS: Final = ["filename", "label"]


@dataclasses.dataclass(frozen=True)
class Submission:
    """A filled-in sample submission.

    Attributes:
        values: by file name, in the sample's order.
        missing: names of the sample without a video.
        unscored: names whose video could not be scored.
        extra: uris of videos that are not in the sample.
    """

    values: Mapping[str, float]
    missing: tuple[str, ...]
    unscored: tuple[str, ...]
    extra: tuple[str, ...]


def read_sample(path: str) -> list[str]:
    """Reads the names of a sample submission, in its order.

    Raises:
        UserError: if it is missing, not a sample submission, or names a video twice.
    """
    rows = read_table(path)
    names: dict[str, None] = {}
    for number, (name, _) in enumerate(rows, 2):
        if name in names:
            raise UserError(f"{path}: line {number}: {name} is named twice; keep one of the lines")
        names[name] = None
    return list(names)


def read_table(path: str) -> list[list[str]]:
    """Reads a CSV file with the columns `filename` and `label`, without its header.

    Raises:
        UserError: if it is missing, or not such a file.
    """
    try:
        text = storage.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path}: cannot be read; correct the path") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    try:
        header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row] or [[]]
    except csv.Error as error:
        raise UserError(f"{path}: not CSV ({error}); save the file as CSV") from error
    if header != COLUMNS:
        raise UserError(f"{path}: line 1 is {','.join(header)[:80]!r}; it must be {','.join(COLUMNS)!r}")
    for number, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS) or not row[0]:
            raise UserError(f"{path}: line {number} is {','.join(row)[:80]!r}; write FILENAME,LABEL")
    if not rows:
        raise UserError(f"{path}: names no videos; give the challenge's sample_submission.csv")
    return rows


def require_distinct(names: Sequence[str], videos: Sequence[str]) -> None:
    """Rejects two videos that match one name of the sample.

    Raises:
        UserError: naming both.
    """
    wanted = set(names)
    by_name, by_look = collections.defaultdict(list), collections.defaultdict(list)
    for uri in videos:
        name = os.path.basename(uri)
        by_name[name].append(uri)
        if name not in wanted:
            by_look[nfc(name)].append(uri)
    for name in names:
        meant = by_name.get(name) or by_look.get(nfc(name), [])
        if len(meant) > 1:
            raise UserError(f"{name}: both {meant[0]} and {meant[1]} have this name; give the folder that is meant")


def named_videos(names: Iterable[str], videos: Iterable[str]) -> dict[str, str]:
    """Maps each name of a sample to the uri of its video, if any: with the same name, or else one that looks alike."""
    by_name = {os.path.basename(uri): uri for uri in videos}
    return {name: by_name[meant] for name, meant in match_names(names, by_name).items()}


def fill(
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    prior: float,
    clip: float,
    name_of: Callable[[str], str] = os.path.basename,
) -> Submission:
    """Fills in the sample; a name means the video with that name, or else the only one whose name looks alike.

    Args:
        names: of the sample.
        rows: of all videos.
        prior: the value for videos without a probability.
        clip: values are clipped to [clip, 1 - clip].
        name_of: maps a video's uri to its name in the sample.
    """
    by_name = {name_of(row.uri): row for row in rows}
    meant = match_names(names, by_name)
    wanted = set(meant.values())
    found = {name: by_name[meant[name]].probability if name in meant else None for name in names}
    return Submission(
        values={
            name: float(np.clip(prior if probability is None else probability, clip, 1 - clip))
            for name, probability in found.items()
        },
        missing=tuple(name for name in names if name not in meant),
        unscored=tuple(name for name in names if name in meant and found[name] is None),
        extra=tuple(row.uri for row in rows if name_of(row.uri) not in wanted),
    )


def relative_name(data_root: str) -> Callable[[str], str]:
    """Returns a function from a video's uri to its path relative to `data_root`, its name if there is no sample."""
    return lambda uri: os.path.relpath(uri, data_root)


def write_submission(path: str, submission: Submission) -> None:
    """Writes the file atomically."""
    write_output(path, csv_lines([COLUMNS, *submission.values.items()]).encode())
