"""The training curves, read from the Trainer's table."""

import csv
import os

from components import storage
from components.report_gen.optional_files import read_if_exists

_EVAL_PREFIX = "val_"


def read_training_curves(model_run: str, name: str) -> dict[str, dict[str, list[float]]]:
    """Reads the table `name` of the artifact `model_run`.

    Returns:
        The values per epoch, by metric, then by `train` and `eval`. One of the two may be missing.
    """
    rows = read_if_exists(_read_rows, os.path.join(model_run, name)) or []
    curves: dict[str, dict[str, list[float]]] = {}
    for column in rows[0] if rows else ():
        if column == "epoch":
            continue
        split = "eval" if column.startswith(_EVAL_PREFIX) else "train"
        values = [float(row[column]) for row in rows]
        curves.setdefault(column.removeprefix(_EVAL_PREFIX), {})[split] = values
    return curves


def _read_rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(storage.read_bytes(path).decode().splitlines()))
