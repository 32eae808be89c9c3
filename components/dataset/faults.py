"""Collects what is wrong with the entries of a data set."""

from components.errors import UserError


class Faults:
    """Counts faults and keeps the first, so that a million of them take no memory."""

    def __init__(self, entries: str) -> None:
        """Takes what the entries are called, in the plural."""
        self._entries = entries
        self._first = ""
        self._count = 0

    def add(self, line: str) -> None:
        """Takes a fault: the file, the entry, and what to change."""
        self._first = self._first or line
        self._count += 1

    def raise_first(self) -> None:
        """Raises the first, with the number of the others; does nothing if there is none.

        Raises:
            UserError: if there are faults.
        """
        if self._count:
            more = f" (and {self._count - 1} more wrong {self._entries})" if self._count > 1 else ""
            raise UserError(self._first + more)
