"""The architectures by name: adding one is a file here and its name below.

Each file has `build(frame_features, frame_mask)`, which takes features float32 [B, T, D] and mask bool [B, T] and
gives the probability of FAKE [B, 1] and the scores of the single frames [B, T].
"""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import keras

    Architecture = Callable[[keras.KerasTensor, keras.KerasTensor], tuple[keras.KerasTensor, keras.KerasTensor]]

ARCHITECTURES: Final = ("gru",)


def architecture(name: str) -> "Architecture":
    """The `build` function of one of `ARCHITECTURES`."""
    # Imported when asked for, so that a config can be checked without Keras.
    return importlib.import_module(f"{__name__}.{name}").build
