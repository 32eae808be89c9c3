"""The error that people cause and people read."""


class UserError(Exception):
    """A mistake of the user's, told in one line: the file or key, the value, and what to type next; a table may follow.

    The command line prints the message without a traceback and exits with code 2.
    """
