"""The error for mistakes of the user."""


class UserError(Exception):
    """A mistake of the user, described in one line: the file or key, the value, and what to type next.

    The command line prints the message without a traceback and exits with code 2.
    """

    def __init__(self, message: str, *table: str) -> None:
        """Takes the line, and the lines of an optional table."""
        super().__init__(message, *table)
        self.message = message
        self.table = table

    def __str__(self) -> str:
        """Joins all lines."""
        return "\n".join((self.message, *self.table))
