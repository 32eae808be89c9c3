"""What decoding one video may cost, where nothing else is said, and within which bounds it may be said."""

from typing import Final

TIMEOUT_S: Final = 120.0
MOST_TIMEOUT_S: Final = 86_400
"""A day; beyond three weeks, the system call that waits takes no timeout."""

MEMORY_MB: Final = 2048
LEAST_MEMORY_MB: Final = 64
MOST_MEMORY_MB: Final = 1 << 20
"""A tebibyte, more than any machine has and less than the system call that sets the limit takes."""
