"""What is told of a node that failed."""

from components.errors import UserError


class NodeFailedError(Exception):
    """A node of the run failed."""

    def __init__(self, node: str, cause: BaseException) -> None:
        # Names of files may hold what else ends a line for `splitlines`.
        first, *others = str(cause).strip().split("\n")
        self.node = node
        self.reason = first or type(cause).__name__
        # Ours are written for people, and may hold a table; those of libraries may go on for pages.
        self.details = others if isinstance(cause, UserError) else []
        super().__init__(f"{node} failed: {self.reason}")
