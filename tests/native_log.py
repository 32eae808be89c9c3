"""What TensorFlow's C++ code writes to standard error by itself."""

import re

_LINE = re.compile(r"WARNING: All log messages before absl::InitializeLog\(\) is called |I0000 00:00:\d")


def without_native_log(text: str) -> str:
    """Leaves it out: TensorFlow 2.21 writes some of it before it has read how much it is to say."""
    return "".join(line for line in text.splitlines(keepends=True) if not _LINE.match(line))
