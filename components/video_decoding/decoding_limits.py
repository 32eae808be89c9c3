"""The default time and memory limits for decoding one video, and the range in which they can be set."""

from typing import Final

TIMEOUT_S: Final = 120.0
MAX_TIMEOUT_S: Final = 86_400
"""One day, in seconds; the system call that waits accepts at most three weeks."""

MEMORY_MB: Final = 2048
MIN_MEMORY_MB: Final = 64
MAX_MEMORY_MB: Final = 1 << 20
"""One tebibyte: more than any machine has, and less than the maximum of the system call that sets the limit."""
