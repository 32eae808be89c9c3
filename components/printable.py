"""The names of others, made fit for a terminal and for a log."""


def printable(value: object) -> str:
    """The text with everything escaped, as Python does it, that would not show, or would change what is shown.

    These are control characters and line ends, marks that turn the direction of writing, and the stand-ins for bytes
    of file names that are not UTF-8.
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(value))
