"""The error of a failed node."""

from components.errors import UserError


class NodeFailedError(Exception):
    """A node of the run failed."""

    def __init__(self, node: str, cause: BaseException) -> None:
        self.node = node
        if isinstance(cause, UserError):
            self.reason, self.details = cause.message, cause.table
        else:
            # Libraries may raise pages. Not `splitlines`, which also splits at characters that file names may contain.
            self.reason = str(cause).strip().split("\n")[0] or type(cause).__name__
            self.details = ()
        super().__init__(f"{node} failed: {self.reason}")
