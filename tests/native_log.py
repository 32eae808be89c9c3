"""Lines that TensorFlow's C++ code writes to standard error by itself."""

import re

_LINE = re.compile(r"WARNING: All log messages before absl::InitializeLog\(\) is called |I0000 00:00:\d")


def without_native_log(text: str) -> str:
    """Removes these lines: TensorFlow 2.21 writes some of them before it has read its log level."""
    return "".join(line for line in text.splitlines(keepends=True) if not _LINE.match(line))
