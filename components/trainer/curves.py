"""The training curves, one row per epoch and member."""

import os
from collections.abc import Mapping, Sequence
from typing import Final

from components.whole_files import write_whole

CURVES_FILE: Final = "curves.csv"
"""In the artifact `model_run`."""


MEMBER: Final = "member"
"""The column that tells the members apart, if there are several."""


def write_curves(folder: str, histories: Sequence[Mapping[str, Sequence[float]]]) -> None:
    """Writes the metrics of each member, one value per epoch each, to `curves.csv` in `folder`."""
    names = sorted(histories[0])
    several = len(histories) > 1
    lines = [",".join([*([MEMBER] if several else []), "epoch", *names])]
    for number, history in enumerate(histories, 1):
        member = [str(number)] if several else []
        for epoch, values in enumerate(zip(*(history[name] for name in names), strict=True), 1):
            lines.append(",".join([*member, str(epoch), *(f"{value:.6g}" for value in values)]))
    # Not Keras' CSVLogger: it writes to local files only.
    write_whole(os.path.join(folder, CURVES_FILE), "".join(f"{line}\n" for line in lines).encode())
