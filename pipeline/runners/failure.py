"""What is told of a node that failed."""

from components.errors import UserError


class NodeFailedError(Exception):
    """A node of the run failed."""

    def __init__(self, node: str, cause: BaseException) -> None:
        lines = str(cause).strip().splitlines()
        self.node = node
        self.reason = lines[0] if lines else type(cause).__name__
        # Ours are written for people, and may hold a table; those of libraries may go on for pages.
        self.details = lines[1:] if isinstance(cause, UserError) else []
        super().__init__(f"{node} failed: {self.reason}")
