"""Names as columns of text."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components.file_names import nfc as one_nfc


def nfc(texts: pa.Array) -> pa.Array:
    """Returns the texts in NFC, which is the same for all names that look alike; null stays null."""
    # Arrow's own utf8_normalize, as of version 10, only decomposes.
    composed = pc.fill_null(pc.string_is_ascii(texts), True)
    if pc.all(composed).as_py() is not False:
        return texts
    others = pc.invert(composed)
    normal = pa.array([one_nfc(text) for text in texts.filter(others).to_pylist()], texts.type)
    return pc.replace_with_mask(texts, others, normal)


def file_names(uris: pa.Array) -> pa.Array:
    """Returns what follows the last slash."""
    return pc.replace_substring_regex(uris, pattern="(?s)^.*/", replacement="")


def folders(uris: pa.Array) -> pa.Array:
    """Returns what precedes the last slash; "" where there is none."""
    return pc.replace_substring_regex(uris, pattern="(?s)/?[^/]*$", replacement="")


def joined(folder: pa.Array, name: pa.Array) -> pa.Array:
    """Returns the uris of names in folders."""
    with_slash = pc.binary_join_element_wise(folder, name, pa.scalar("/", folder.type))
    return pc.if_else(pc.equal(folder, pa.scalar("", folder.type)), name, with_slash)


def mask(values: pa.Array) -> np.ndarray:
    """Returns an array of truth values without nulls for NumPy."""
    return values.to_numpy(zero_copy_only=False).astype(bool, copy=False)


def rows_of(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Returns int64 [n], where each value occurs first in `among`; -1 where it does not, or is null."""
    found = pc.index_in(values, value_set=among, skip_nulls=True)
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
