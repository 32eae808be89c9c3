"""Makes untrusted names safe for terminals and logs."""


def printable(value: object) -> str:
    """Returns the text with all invisible or display-altering characters escaped, in Python's notation.

    These are control characters and line ends, bidirectional marks, and the surrogates that stand for non-UTF-8 bytes
    of file names.
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(value))
