"""The training curves, one row per epoch."""

import os
from collections.abc import Mapping, Sequence
from typing import Final

from components.whole_files import write_whole

CURVES_FILE: Final = "curves.csv"
"""In the artifact `model_run`."""


def write_curves(folder: str, history: Mapping[str, Sequence[float]]) -> None:
    """Writes the metrics, one value per epoch each, to `curves.csv` in `folder`."""
    names = sorted(history)
    lines = [",".join(["epoch", *names])]
    for index, values in enumerate(zip(*(history[name] for name in names), strict=True)):
        lines.append(",".join([str(index + 1), *(f"{value:.6g}" for value in values)]))
    # Not Keras' CSVLogger: it writes to local files only.
    write_whole(os.path.join(folder, CURVES_FILE), "".join(f"{line}\n" for line in lines).encode())
