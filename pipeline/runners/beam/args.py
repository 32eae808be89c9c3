"""How Beam runs inside one machine or one container."""

import os
import re
from collections.abc import Sequence

from components.errors import UserError
from components.redaction import redact_arguments, secrets_of

# What is shorter stands in every other line of a log by chance.
_SHORTEST_HIDDEN = 4
_REFERENCE = re.compile(r"\$\((\w+)\)")

_LOCAL = (
    # DirectRunner would first look for Prism, a program that it tries to download.
    "--runner=pipeline.runners.beam.isolated_workers.IsolatedWorkersRunner",
    # Workers are processes of this environment. Told nothing of their dependencies, TFX would pack itself for
    # them, two seconds a node; any of those options keeps it from that.
    "--sdk_container_image=none",
)
_ONE_PROCESS = ("--direct_running_mode=in_memory", "--direct_num_workers=1")


def node_beam_args(further: Sequence[str]) -> list[str]:
    """For small nodes: one process. What stands in `further` wins."""
    return [*_LOCAL, *_ONE_PROCESS, *further]


def extraction_beam_args(workers: int, further: Sequence[str]) -> list[str]:
    """For the extraction: `workers` threads, as many as there are cores if 0. What stands in `further` wins.

    TensorFlow and the decoders, which are processes, leave Python's lock alone; processes for the threads too would
    import everything and load the encoder once more each, and one that is killed would be waited for for ever.
    """
    if workers == 1:
        return node_beam_args(further)
    return [*_LOCAL, "--direct_running_mode=multi_threading", f"--direct_num_workers={workers}", *further]


def names_environment(further: Sequence[str]) -> bool:
    """Whether some of the options have a `$(NAME)`, which stands for a variable of the environment."""
    return any(map(_REFERENCE.search, further))


def from_environment(further: Sequence[str]) -> list[str]:
    """The options with the value of the variable NAME in place of `$(NAME)`.

    Raises:
        UserError: if there is no such variable.
    """

    def value(reference: re.Match[str]) -> str:
        if reference[1] not in os.environ:
            raise UserError(f"beam_args: {reference[0]} is not set in the environment; type export {reference[1]}=...")
        return os.environ[reference[1]]

    return [_REFERENCE.sub(value, option) for option in further]


def warn_of_secrets(further: Sequence[str]) -> list[str]:
    """A line where a compiled pipeline holds secrets."""
    if not secrets_of(further):
        return []
    shown = " ".join(redact_arguments(further))
    return [f"beam_args: the file holds the secrets of {shown}; $(NAME) takes them from the nodes' environment"]


def secrets_in(further: Sequence[str]) -> list[str]:
    """What of the options no log may hold: the values of secret ones, and all that the environment has given."""
    named = [os.environ.get(name, "") for option in further for name in _REFERENCE.findall(option)]
    return [secret for secret in (*secrets_of(further), *named) if len(secret) >= _SHORTEST_HIDDEN]
