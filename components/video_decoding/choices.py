"""What a config may choose of decoding, without the libraries that decode.

The decoding modules define the same for themselves: their text is part of a feature cache's key, so an import more in
them would make every cached feature anew. A test compares the two.
"""

from typing import Final, Literal

Crop = Literal["center_square", "face"]
Hdr = Literal["as_sdr", "tone_map"]

NEEDS_MODEL: Final = {"blazeface": False, "haar": False, "mtcnn": False, "yunet": True}
"""Whether a face detector needs a model file of the user, by the detector's name."""
