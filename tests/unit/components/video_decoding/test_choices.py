"""What a config may choose is what the decoding modules offer."""

from typing import get_args

from components.video_decoding import choices, colors, crop
from components.video_decoding.faces.detectors import DETECTORS


def test_the_choices_are_those_of_the_modules_that_decode():
    assert get_args(choices.Crop) == get_args(crop.Crop)
    assert get_args(choices.Hdr) == get_args(colors.Hdr)
    assert {name: detector.needs_model for name, detector in DETECTORS.items()} == choices.NEEDS_MODEL
