"""The error that people cause and people read."""


class UserError(Exception):
    """A mistake of the user's, told in one line: the file or key, the value, and what to type next.

    The command line prints the message without a traceback and exits with code 2.
    """

    def __init__(self, message: str, *table: str) -> None:
        """Takes the line, and those of a table that may follow it."""
        super().__init__(message, *table)
        self.message = message
        self.table = table

    def __str__(self) -> str:
        """All lines."""
        return "\n".join((self.message, *self.table))
