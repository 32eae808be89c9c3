import pathlib
import sys

import numpy as np
import pytest

from components.errors import UserError
from components.frame_encoder.agreement import measure_agreement
from components.served_model.encoder_engine import processor_has_bfloat16, require_engine
from pipeline.config.load import load_config
from pipeline.inputs.training import pin_inputs


@pytest.mark.parametrize(
    ("flags", "has"),
    [
        ("fpu avx2 avx512_bf16", True),
        ("fpu avx512f amx_tile amx_bf16", True),
        ("fpu avx2 fma", False),
        # A flag that only starts with the name of a bfloat16 flag.
        ("fpu avx512_bf16_other", False),
    ],
)
def test_processor_is_asked_for_its_flags(tmp_path: pathlib.Path, flags: str, has: bool):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nmodel name\t: amx_bf16\nflags\t\t: {flags}\n\nprocessor\t: 1\n")
    assert processor_has_bfloat16(str(cpuinfo)) is has


def test_machine_without_cpuinfo_has_no_bfloat16(tmp_path):
    assert not processor_has_bfloat16(str(tmp_path / "nothing"))


def test_tensorflow_needs_nothing():
    require_engine("tensorflow", "bfloat16")


def test_openvino_that_is_not_installed_is_a_line_with_a_way_out(monkeypatch):
    # None in sys.modules makes an import fail.
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(UserError, match=r"pip install 'deepfake-video-pipeline\[openvino\]'"):
        require_engine("openvino", "auto")


def test_openvino_that_is_not_installed_is_told_before_anything_runs(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    config = load_config("notebook", ["data.root=/nowhere", "encoder.engine=openvino"])
    with pytest.raises(UserError, match="openvino is not installed"):
        pin_inputs(config)


def test_agreement_is_that_of_the_worst_frame():
    expected = np.asarray([[1, 0], [0, 2], [3, 4]], np.float32)
    found = np.asarray([[1, 0], [1, 2], [3, 4]], np.float32)
    agreement = measure_agreement(expected, found)
    assert agreement.frames == 3
    assert agreement.min_cosine == pytest.approx(2 / np.sqrt(5))
    assert agreement.max_relative_error == pytest.approx(0.5)
    assert not agreement.is_sufficient("bfloat16")
    assert not agreement.is_sufficient("float32")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_features_that_are_no_numbers_or_nothing_never_suffice(precision):
    expected = np.ones((2, 3), np.float32)
    assert measure_agreement(expected, expected).is_sufficient(precision)
    for broken in (np.full((2, 3), np.nan, np.float32), np.zeros((2, 3), np.float32)):
        assert not measure_agreement(expected, broken).is_sufficient(precision)


def test_bounds_are_of_the_precision():
    expected = np.asarray([[1, 0]], np.float32)
    assert measure_agreement(expected, expected + np.float32([0, 0.05])).is_sufficient("bfloat16")
    assert not measure_agreement(expected, expected + np.float32([0, 0.05])).is_sufficient("float32")
    assert not measure_agreement(expected, expected + np.float32([0, 0.1])).is_sufficient("bfloat16")
