"""The precisions and engines of the encoder, and whether this machine supports them."""

import importlib.util
from typing import Final, Literal

from components.errors import UserError

Precision = Literal["float32", "bfloat16"]
PrecisionChoice = Literal["auto", "float32", "bfloat16"]
Engine = Literal["tensorflow", "openvino"]

_BFLOAT16_FLAGS: Final = frozenset({"amx_bf16", "avx512_bf16"})


def processor_has_bfloat16(cpuinfo: str = "/proc/cpuinfo") -> bool:
    """Whether the processor multiplies bfloat16 matrices natively (AMX or AVX512-BF16); elsewhere it is emulated."""
    try:
        with open(cpuinfo) as file:
            flags = next((line for line in file if line.startswith("flags")), "")
    except FileNotFoundError:
        # Not Linux.
        return False
    return not _BFLOAT16_FLAGS.isdisjoint(flags.split())


def require_engine(engine: Engine, precision: PrecisionChoice) -> None:
    """Checks that this machine supports the engine and the precision.

    Raises:
        UserError: if OpenVINO is not installed, or cannot compute in bfloat16 here.
    """
    if engine == "tensorflow":
        return
    if importlib.util.find_spec("openvino") is None:
        raise UserError(
            "encoder.engine: openvino is not installed; type uv pip install 'deepfake-video-pipeline[openvino]', "
            "or take --set encoder.engine=tensorflow"
        )
    if precision == "bfloat16" and not processor_has_bfloat16():
        raise UserError(
            "encoder.precision: bfloat16 with encoder.engine=openvino needs a processor with AMX or AVX512-BF16, and "
            "this one has neither; type --set encoder.precision=auto"
        )
