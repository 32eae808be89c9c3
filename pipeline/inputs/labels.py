"""Reads files of labels."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from components import storage
from components.dataset.entries import EntryError, VideoEntry, parse_entry, show
from components.dataset.folder import metadata_files
from components.dataset.sources import read_dataset
from components.dataset.splitting.columns import collect_columns
from components.dataset.splitting.groups import connected_groups
from components.dataset.splitting.rules import BY_ORIGINAL, SplitRules
from components.errors import UserError
from components.features import FAKE, REAL
from components.file_names import nfc
from components.submission_gen.metrics import Truth
from components.submission_gen.submission import read_table
from components.uris import join_uri

_LABELS: Final = {"0": REAL, "1": FAKE, REAL: REAL, FAKE: FAKE}


def read_labels(path: str, tell: Callable[[str], None] = lambda line: None) -> dict[str, Truth]:
    """Reads labels by file name or path from a metadata.json, or from CSV with the columns `filename` and `label`.

    Args:
        path: path of the file.
        tell: called with one line about names that are repeated without contradiction.

    Raises:
        UserError: if the file is neither, has labels other than FAKE (1) or REAL (0), or contradicts itself.
    """
    if path.endswith(".csv"):
        labelled = [(name, Truth(_label(path, name, label), nfc(name))) for name, label in read_table(path)]
    else:
        content = list(_read_json(path))
        truths = _truths([_parsed(path, name, fields) for name, fields in content])
        labelled = [(name, truth) for (name, _), truth in zip(content, truths, strict=True)]
    found: dict[str, Truth] = {}
    twice: list[str] = []
    for name, truth in labelled:
        if (other := found.setdefault(name, truth)) is truth:
            continue
        if other != truth:
            told = _in_words(other, truth)
            raise UserError(f"--labels {path}: {show(name)} is there twice, as {told}; keep the one that is right")
        twice.append(name)
    if twice:
        tell(f"there twice, saying the same: {some_names(twice)}")
    return found


def labels_beside(paths: Sequence[str]) -> dict[str, Truth]:
    """Reads the labels, by uri, of those of the paths that are data sets.

    Raises:
        UserError: if a metadata.json is invalid.
    """
    found: dict[str, Truth] = {}
    for path in paths:
        if storage.isdir(path) and metadata_files(path):
            entries = list(read_dataset(path).entries)
            uris = (join_uri(path, entry.uri) for entry in entries)
            found |= dict(zip(uris, _truths(entries), strict=True))
    return found


def some_names(names: Sequence[str]) -> str:
    """Returns the number of names, and the first three of them."""
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{len(names):,} ({', '.join(map(repr, names[:3]))}{more})"


def _in_words(one: Truth, other: Truth) -> str:
    if one.label != other.label:
        return f"{one.label} and {other.label}"
    return f"{one.label} of {show(one.group)} and of {show(other.group)}"


def _read_json(path: str) -> Iterable[tuple[str, Any]]:
    try:
        # As pairs, since a dict would keep only the last of repeated keys.
        content = json.loads(storage.read_bytes(path).decode("utf-8-sig"), object_pairs_hook=tuple)
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"--labels {path}: cannot be read as JSON; give a metadata.json, or a .csv file") from error
    if not isinstance(content, tuple) or not content:
        raise UserError(f"--labels {path}: lists no videos; give a metadata.json, or a .csv file")
    return content


def _parsed(path: str, name: str, fields: object) -> VideoEntry:
    folder, slash, bare = name.rpartition("/")
    try:
        return parse_entry(f"{folder}{slash}", bare, _as_object(fields))
    except EntryError as error:
        raise UserError(f"--labels {path}: {error}") from error


def _as_object(fields: object) -> object:
    if not isinstance(fields, tuple):
        return fields
    content: dict[str, object] = {}
    for key, value in fields:
        plain = dict(value) if isinstance(value, tuple) else value
        if content.setdefault(key, plain) != plain:
            raise EntryError(f"{show(key)} is there twice, as {show(content[key])} and {show(plain)}; keep one")
    return content


def _truths(entries: Sequence[VideoEntry]) -> list[Truth]:
    groups = connected_groups(collect_columns([entries], SplitRules()), BY_ORIGINAL).names_by_video().to_pylist()
    return [Truth(entry.label or "", group) for entry, group in zip(entries, groups, strict=True)]


def _label(path: str, name: str, label: str) -> str:
    if label not in _LABELS:
        raise UserError(f"--labels {path}: {name} has the label {label!r}; allowed are FAKE, REAL, 1 and 0")
    return _LABELS[label]
