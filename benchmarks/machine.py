"""The machine and the libraries that produced the figures."""

import importlib.metadata
import importlib.util
import os
import platform
from typing import Any

_LIBRARIES = ("tfx", "tensorflow", "keras", "apache-beam", "av", "opencv-python-headless", "openvino", "onnxruntime")
_TELLING_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


def describe_machine() -> dict[str, Any]:
    """Returns processor, cores, memory, load and versions."""
    with open("/proc/cpuinfo") as file:
        facts = dict(line.strip().split(":", 1) for line in file if ":" in line)
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    flags = facts.get("flags", "").split()
    return {
        "processor": facts.get("model name", platform.processor()),
        "cores": len(os.sched_getaffinity(0)),
        "flags": [flag for flag in _TELLING_FLAGS if flag in flags],
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load_at_start": round(os.getloadavg()[0], 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {library: _version(library) for library in _LIBRARIES},
    }


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def is_installed(*modules: str) -> bool:
    """Whether all these modules can be imported."""
    return all(importlib.util.find_spec(module) for module in modules)
