"""The training curves, read from the Trainer's table."""

import csv
import itertools
import os

from components import storage
from components.report_gen.optional_files import read_if_exists
from components.trainer.curves import CURVES_FILE, MEMBER

_EVAL_PREFIX = "val_"


def read_training_curves(model_run: str) -> dict[str, dict[str, list[list[float]]]]:
    """Reads the table of the artifact `model_run`.

    Returns:
        The values per epoch of each of the model's members, by metric, then by `train` and `eval`. One of the two may
        be missing.
    """
    rows = read_if_exists(_read_rows, os.path.join(model_run, CURVES_FILE)) or []
    members = [list(own) for _, own in itertools.groupby(rows, key=lambda row: row.get(MEMBER))]
    curves: dict[str, dict[str, list[list[float]]]] = {}
    for column in rows[0] if rows else ():
        if column in (MEMBER, "epoch"):
            continue
        split = "eval" if column.startswith(_EVAL_PREFIX) else "train"
        values = [[float(row[column]) for row in own] for own in members]
        curves.setdefault(column.removeprefix(_EVAL_PREFIX), {})[split] = values
    return curves


def _read_rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(storage.read_bytes(path).decode().splitlines()))
