"""The curves of the training, from the table that the Trainer left."""

import csv
import io

from components.report_gen.optional_files import read_text

_EVAL_PREFIX = "val_"


def read_training_curves(model_run: str, name: str) -> dict[str, dict[str, list[float]]]:
    """Reads the table `name` of the artifact `model_run`.

    Returns:
        By quantity, by `train` and `eval`, the values of the epochs. One of the two may be missing.
    """
    text = read_text(model_run, name)
    rows = list(csv.DictReader(io.StringIO(text))) if text else []
    curves: dict[str, dict[str, list[float]]] = {}
    for column in rows[0] if rows else ():
        if column == "epoch":
            continue
        split = "eval" if column.startswith(_EVAL_PREFIX) else "train"
        values = [float(row[column]) for row in rows]
        curves.setdefault(column.removeprefix(_EVAL_PREFIX), {})[split] = values
    return curves
