"""What the names of splits in other people's tables mean."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components import features
from components.dataset.entries import show
from components.errors import UserError

USUAL_NAMES: Final = {
    "train": "train",
    "training": "train",
    "eval": "eval",
    "val": "eval",
    "valid": "eval",
    "validation": "eval",
    "dev": "eval",
    "test": "test",
    "testing": "test",
}
"""Names of splits, in lower case, and what they mean."""

UNKNOWN: Final = -1
_SHOWN = 5


def split_codes(values: pa.Array, names: Mapping[str, str], where: str) -> np.ndarray:
    """Returns int8 [n], the index in `features.SPLITS` of each named split; -1 where the value is null or blank.

    Args:
        values: names of splits; neither capitals nor blanks around them count.
        names: what else is meant by which name.
        where: start of the message: the key or the file.

    Raises:
        UserError: if a name is unknown.
    """
    meaning = USUAL_NAMES | {name.strip().lower(): split for name, split in names.items()}
    encoded = values.dictionary_encode()
    written = [(text or "").strip() for text in encoded.dictionary.to_pylist()]
    codes = [features.SPLITS.index(meaning[it.lower()]) if it.lower() in meaning else UNKNOWN for it in written]
    if unknown := sorted({text for text, code in zip(written, codes, strict=True) if text and code == UNKNOWN}):
        shown = ", ".join(map(show, unknown[:_SHOWN])) + (", ..." if len(unknown) > _SHOWN else "")
        raise UserError(
            f"{where}: unknown splits {shown}; say which of {', '.join(features.SPLITS)} is meant: "
            f"--set 'split.names={{{unknown[0]}: test}}'"
        )
    table = np.array([*codes, UNKNOWN], np.int8)
    return table[pc.fill_null(encoded.indices, len(codes)).to_numpy(zero_copy_only=False)]
